import { utf8Decode } from '../../kernel';
import { codes, type DnsMessage, type DnsQuestion, type DnsRecord, typeName } from './message';

class Malformed extends Error {}

class Reader {
  position = 0;

  constructor(readonly bytes: Uint8Array) {}

  byte(): number {
    const value = this.bytes[this.position];
    if (value === undefined) throw new Malformed();
    this.position += 1;
    return value;
  }

  short(): number {
    return this.byte() * 256 + this.byte();
  }

  long(): number {
    return this.short() * 65_536 + this.short();
  }

  text(length: number): string {
    if (this.position + length > this.bytes.length) throw new Malformed();
    const out = utf8Decode(this.bytes.subarray(this.position, this.position + length));
    this.position += length;
    return out;
  }

  name(): string {
    const labels: string[] = [];
    let end: number | undefined;
    for (let jumps = 0; ; ) {
      const length = this.byte();
      if (length === 0) break;
      if (length >= 0xc0) {
        const target = (length & 0x3f) * 256 + this.byte();
        end ??= this.position;
        jumps += 1;
        if (jumps > 32) throw new Malformed();
        this.position = target;
      } else labels.push(this.text(length));
    }
    if (end !== undefined) this.position = end;
    return labels.join('.');
  }
}

/** RFC 5952: lower case, no leading zeros, the longest run of zeros shortened. */
function formatIPv6(groups: readonly number[]): string {
  const text = groups.map((group) => group.toString(16)).join(':');
  const runs = [...text.matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].sort((a, b) => b[0].length - a[0].length || a.index - b.index);
  const run = runs[0];
  return run ? `${text.slice(0, run.index)}::${text.slice(run.index + run[0].length).replace(/^:/, '')}` : text;
}

function readData(from: Reader, name: string, ttl: number, type: string, length: number): DnsRecord | undefined {
  const end = from.position + length;
  switch (type) {
    case 'A':
      return { name, ttl, type, address: [from.byte(), from.byte(), from.byte(), from.byte()].join('.') };
    case 'AAAA':
      return { name, ttl, type, address: formatIPv6(Array.from({ length: 8 }, () => from.short())) };
    case 'CNAME':
    case 'PTR':
    case 'NS':
      return { name, ttl, type, target: from.name() };
    case 'TXT': {
      const texts: string[] = [];
      while (from.position < end) texts.push(from.text(from.byte()));
      return { name, ttl, type, texts };
    }
    case 'MX':
      return { name, ttl, type, preference: from.short(), target: from.name() };
    case 'SRV':
      return { name, ttl, type, priority: from.short(), weight: from.short(), port: from.short(), target: from.name() };
    case 'SOA':
      return { name, ttl, type, primary: from.name(), mailbox: from.name(), serial: from.long(), refresh: from.long(), retry: from.long(), expire: from.long(), minimum: from.long() };
    default:
      return undefined;
  }
}

function readMessage(from: Reader): DnsMessage {
  const id = from.short();
  const flags = from.short();
  const counts = [from.short(), from.short(), from.short(), from.short()];
  const questions: DnsQuestion[] = [];
  for (let i = 0; i < (counts[0] ?? 0); i++) {
    const name = from.name();
    questions.push({ name, type: typeName(from.short()) });
    from.short();
  }
  let bufferSize: number | undefined;
  const sections = [counts[1], counts[2], counts[3]].map((count = 0) => {
    const records: DnsRecord[] = [];
    for (let i = 0; i < count; i++) {
      const name = from.name();
      const type = typeName(from.short());
      const kind = from.short();
      const ttl = from.long();
      const length = from.short();
      const end = from.position + length;
      if (end > from.bytes.length) throw new Malformed();
      if (type === 'OPT') bufferSize = kind;
      const record = readData(from, name, ttl, type, length);
      if (record) records.push(record);
      from.position = end;
    }
    return records;
  });
  const bit = (n: number) => ((flags >> n) & 1) === 1;
  return {
    id, response: bit(15), authoritative: bit(10), truncated: bit(9), recursionDesired: bit(8), recursionAvailable: bit(7), code: codes[flags & 15] ?? 'SERVFAIL',
    questions, answers: sections[0] ?? [], authority: sections[1] ?? [], additional: sections[2] ?? [], ...(bufferSize !== undefined && { bufferSize }),
  };
}

/** Reads a message; undefined if the bytes are none. Records of types unknown here are left out. */
export function decodeMessage(bytes: Uint8Array): DnsMessage | undefined {
  try {
    return readMessage(new Reader(bytes));
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}
