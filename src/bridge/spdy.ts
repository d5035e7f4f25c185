import type { Duplex } from 'node:stream';
import { constants, createDeflate, createInflate, type Deflate, type Inflate } from 'node:zlib';
import dictionaries from 'spdy-transport/lib/spdy-transport/protocol/spdy/dictionary.js';

const dictionary = dictionaries['3.1'] as Buffer;
const version = 0x8003;
const type = { synStream: 1, synReply: 2, reset: 3, ping: 6, goAway: 7 } as const;
const final = 1;
/** Frames that claim to be longer end the connection: the length has 24 bits, no client sends a tenth of that. */
const longestFrame = 4 * 1024 * 1024;

/** One stream of a connection, begun by the client. */
export interface SpdyStream {
  readonly headers: Readonly<Record<string, string>>;
  /** Is told what comes; nothing is kept for later, so it is set at once. */
  onData: (data: Buffer) => void;
  /** The client has sent all it had. */
  onEnd: () => void;
  /** The client gave the stream up, or the connection is gone. */
  onReset: () => void;
  write(data: Uint8Array): void;
  /** Sends nothing more. */
  end(data?: Uint8Array): void;
}

/** Runs data through a compressor whose state goes on from block to block. */
function through(codec: Deflate | Inflate, block: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    const hear = (part: Buffer): void => void parts.push(part);
    codec.on('data', hear);
    codec.once('error', reject);
    codec.write(block, () => {
      codec.off('data', hear);
      codec.off('error', reject);
      resolve(Buffer.concat(parts));
    });
  });
}

/** Name and value pairs: a count, then each text behind its length. */
function readHeaders(block: Buffer): Record<string, string> {
  const headers: Record<string, string> = {};
  let at = 4;
  const text = (): string => {
    const length = block.readUInt32BE(at);
    at += 4 + length;
    return block.toString('utf8', at - length, at);
  };
  for (let left = block.readUInt32BE(0); left > 0; left--) {
    const name = text().toLowerCase();
    headers[name] = text();
  }
  return headers;
}

/**
 * The server's side of SPDY/3.1 (draft-mbelshe-httpbis-spdy-00) as Kubernetes' clients speak it: streams with headers of
 * their own and no requests in them, and no flow control.
 */
export class SpdyConnection {
  private readonly inflate = createInflate({ dictionary, flush: constants.Z_SYNC_FLUSH });
  private readonly deflate = createDeflate({ dictionary, flush: constants.Z_SYNC_FLUSH });
  private readonly streams = new Map<number, SpdyStream & { id: number }>();
  private pending: Buffer = Buffer.alloc(0);
  /** Frames are read one after the other, each wholly. */
  private turn: Promise<void> = Promise.resolve();

  constructor(private readonly socket: Duplex, private readonly opened: (stream: SpdyStream) => void) {
    socket.on('data', (data: Buffer) => this.receive(data));
    socket.on('close', () => this.close());
    socket.on('end', () => this.close());
    socket.on('error', () => this.close());
  }

  private close(): void {
    for (const stream of this.streams.values()) stream.onReset();
    this.streams.clear();
    this.inflate.close();
    this.deflate.close();
  }

  private receive(data: Buffer): void {
    this.pending = this.pending.length === 0 ? data : Buffer.concat([this.pending, data]);
    while (this.pending.length >= 8) {
      const length = this.pending.readUIntBE(5, 3);
      if (length > longestFrame) return void this.socket.destroy();
      if (this.pending.length < 8 + length) return;
      const head = this.pending.subarray(0, 8);
      const body = this.pending.subarray(8, 8 + length);
      this.pending = this.pending.subarray(8 + length);
      this.turn = this.turn.then(() => this.frame(head, body)).catch(() => void this.socket.destroy());
    }
  }

  private async frame(head: Buffer, body: Buffer): Promise<void> {
    const flags = head.readUInt8(4);
    if (head.readUInt16BE(0) < 0x8000) {
      const stream = this.streams.get(head.readUInt32BE(0));
      if (stream && body.length > 0) stream.onData(body);
      if (stream && (flags & final) !== 0) stream.onEnd();
      return;
    }
    const kind = head.readUInt16BE(2);
    if (kind === type.synStream) await this.begin(body, flags);
    else if (kind === type.reset) this.reset(body.readUInt32BE(0));
    else if (kind === type.ping) this.control(type.ping, body);
    else if (kind === type.goAway) this.socket.end();
  }

  private reset(id: number): void {
    this.streams.get(id)?.onReset();
    this.streams.delete(id);
  }

  private async begin(body: Buffer, flags: number): Promise<void> {
    const id = body.readUInt32BE(0);
    const headers = readHeaders(await through(this.inflate, body.subarray(10)));
    let ended = false;
    const end = (): void => {
      if (!ended) this.data(id, final, new Uint8Array());
      ended = true;
    };
    const stream = {
      id, headers, onData: () => undefined, onEnd: () => undefined, onReset: () => undefined,
      write: (data: Uint8Array) => {
        if (!ended) this.data(id, 0, data);
      },
      end: (data?: Uint8Array) => {
        if (data && data.length > 0 && !ended) this.data(id, 0, data);
        end();
      },
    };
    this.streams.set(id, stream);
    const name = Buffer.alloc(4);
    name.writeUInt32BE(id);
    this.control(type.synReply, Buffer.concat([name, await through(this.deflate, Buffer.alloc(4))]));
    this.opened(stream);
    if ((flags & final) !== 0) stream.onEnd();
  }

  private control(kind: number, body: Buffer): void {
    const head = Buffer.alloc(8);
    head.writeUInt16BE(version, 0);
    head.writeUInt16BE(kind, 2);
    head.writeUIntBE(body.length, 5, 3);
    this.send(Buffer.concat([head, body]));
  }

  private data(id: number, flags: number, data: Uint8Array): void {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(id, 0);
    head.writeUInt8(flags, 4);
    head.writeUIntBE(data.length, 5, 3);
    this.send(Buffer.concat([head, data]));
  }

  private send(bytes: Buffer): void {
    if (this.socket.writable) this.socket.write(bytes);
  }
}
