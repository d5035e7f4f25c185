import { parseAddress } from '../addresses';
import type { IpAddress } from '../interface';

/** Record types by name, RFC 1035 and after; others are TYPE123. */
export type DnsType = string;

export type ResponseCode = 'NOERROR' | 'FORMERR' | 'SERVFAIL' | 'NXDOMAIN' | 'NOTIMP' | 'REFUSED';

export interface DnsQuestion {
  /** Without the final dot; '' is the root. */
  readonly name: string;
  readonly type: DnsType;
}

/** A resource record; `data` by its type. */
export type DnsRecord = { readonly name: string; readonly ttl: number } & (
  | { readonly type: 'A'; readonly address: IpAddress }
  | { readonly type: 'AAAA'; readonly address: string }
  | { readonly type: 'CNAME' | 'PTR' | 'NS'; readonly target: string }
  | { readonly type: 'TXT'; readonly texts: readonly string[] }
  | { readonly type: 'SRV'; readonly priority: number; readonly weight: number; readonly port: number; readonly target: string }
  | { readonly type: 'MX'; readonly preference: number; readonly target: string }
  | { readonly type: 'SOA'; readonly primary: string; readonly mailbox: string; readonly serial: number; readonly refresh: number; readonly retry: number; readonly expire: number; readonly minimum: number }
);

export interface DnsMessage {
  readonly id: number;
  readonly response: boolean;
  readonly authoritative: boolean;
  readonly truncated: boolean;
  readonly recursionDesired: boolean;
  readonly recursionAvailable: boolean;
  readonly code: ResponseCode;
  readonly questions: readonly DnsQuestion[];
  readonly answers: readonly DnsRecord[];
  readonly authority: readonly DnsRecord[];
  readonly additional: readonly DnsRecord[];
  /** EDNS: the largest UDP message that the sender takes; absent without an OPT record. */
  readonly bufferSize?: number;
}

export const types: Readonly<Record<string, number>> = { A: 1, NS: 2, CNAME: 5, SOA: 6, PTR: 12, HINFO: 13, MX: 15, TXT: 16, AAAA: 28, SRV: 33, NAPTR: 35, OPT: 41, DS: 43, HTTPS: 65, AXFR: 252, ANY: 255 };
const names = new Map(Object.entries(types).map(([name, number]) => [number, name]));

/** The number of a type; undefined for an unknown name. */
export const typeNumber = (type: DnsType): number | undefined => types[type] ?? (/^TYPE\d+$/.test(type) ? Number(type.slice(4)) : undefined);
export const typeName = (number: number): DnsType => names.get(number) ?? `TYPE${number}`;

export const codes: readonly ResponseCode[] = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'];

/** 10.96.0.1 → 1.0.96.10.in-addr.arpa; undefined if it is no address. */
export const reverseName = (address: IpAddress): string | undefined =>
  parseAddress(address) === undefined ? undefined : `${address.split('.').reverse().join('.')}.in-addr.arpa`;
