/** What the bridge uses of spdy-transport, which brings no types. */
declare module 'spdy-transport' {
  import type { Duplex } from 'node:stream';

  export interface SpdyStream extends Duplex {
    readonly headers: Readonly<Record<string, string>>;
    respond(status: number, headers: Readonly<Record<string, string>>): void;
  }
  export interface SpdyConnection {
    start(version: number): void;
    on(event: 'stream', listener: (stream: SpdyStream) => void): void;
    on(event: 'error' | 'close', listener: (error?: Error) => void): void;
  }
  export const connection: { create(socket: Duplex, options: { readonly protocol: 'spdy'; readonly isServer: boolean }): SpdyConnection };
}
