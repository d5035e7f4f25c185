import type { Time, Task } from '../kernel';
import type { DnsQuestion, DnsRecord, Endpoint, ResponseCode } from '../network';
import type { System } from '../runtime';

/** A question on its way through the plugins. */
export interface Query {
  /** Lower case, without the final dot. */
  readonly question: DnsQuestion;
  readonly protocol: 'udp' | 'tcp';
  readonly remote: Endpoint;
  readonly id: number;
  readonly size: number;
  readonly bufferSize: number;
  readonly recursionDesired: boolean;
}

/** What a plugin answers with. */
export interface Reply {
  readonly code: ResponseCode;
  readonly authoritative: boolean;
  readonly recursionAvailable?: boolean;
  readonly answers: readonly DnsRecord[];
  readonly authority: readonly DnsRecord[];
  readonly additional: readonly DnsRecord[];
}

/** Answers a query, or asks the next one. */
export type Handler = (query: Query, next: (query: Query) => Task<Reply | undefined>) => Task<Reply | undefined>;

/** What a server block's plugins share. */
export interface ServerContext {
  readonly system: System;
  readonly zones: readonly string[];
  /** Writes a line to the log, on stdout. */
  readonly log: (line: string) => void;
  /** Answers a question by the whole server, from the start: for CNAMEs that lead elsewhere. */
  readonly resolve: (query: Query) => Task<Reply | undefined>;
}

/** The authority record of a zone, as the kubernetes plugin makes it. */
export const authorityOf = (zone: string, ttl: number, now: Time): DnsRecord => ({
  name: zone, ttl, type: 'SOA', primary: `ns.dns.${zone}`, mailbox: `hostmaster.${zone}`, serial: Math.floor(now / 1_000_000), refresh: 7200, retry: 1800, expire: 86_400, minimum: ttl,
});

/** Whether the name is the zone or below it; the root holds all. */
export const isWithin = (name: string, zone: string): boolean => zone === '' || name === zone || name.endsWith(`.${zone}`);
