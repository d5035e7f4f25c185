import { utf8Encode } from '../../kernel';
import { codes, type DnsMessage, type DnsRecord, typeNumber } from './message';

class Writer {
  private readonly bytes: number[] = [];
  private readonly names = new Map<string, number>();

  get length(): number {
    return this.bytes.length;
  }

  byte(value: number): void {
    this.bytes.push(value & 0xff);
  }

  short(value: number): void {
    this.bytes.push((value >> 8) & 0xff, value & 0xff);
  }

  long(value: number): void {
    this.short(Math.floor(value / 65_536));
    this.short(value % 65_536);
  }

  raw(bytes: Uint8Array): void {
    for (const byte of bytes) this.bytes.push(byte);
  }

  /** With a pointer to where its end was written before (RFC 1035, 4.1.4). */
  name(name: string): void {
    for (let rest = name; rest !== ''; ) {
      const known = this.names.get(rest);
      if (known !== undefined) return this.short(0xc000 | known);
      if (this.bytes.length < 0x4000) this.names.set(rest, this.bytes.length);
      const dot = rest.indexOf('.');
      const label = utf8Encode(dot < 0 ? rest : rest.slice(0, dot)).slice(0, 63);
      this.byte(label.length);
      this.raw(label);
      rest = dot < 0 ? '' : rest.slice(dot + 1);
    }
    this.byte(0);
  }

  sized(write: () => void): void {
    const at = this.bytes.length;
    this.short(0);
    write();
    const length = this.bytes.length - at - 2;
    this.bytes[at] = length >> 8;
    this.bytes[at + 1] = length & 0xff;
  }

  finish(): Uint8Array {
    return Uint8Array.from(this.bytes);
  }
}

function writeData(out: Writer, record: DnsRecord): void {
  switch (record.type) {
    case 'A':
      for (const part of record.address.split('.')) out.byte(Number(part));
      return;
    case 'AAAA': {
      const [head = '', tail] = record.address.split('::');
      const groups = (text: string) => (text === '' ? [] : text.split(':'));
      const before = groups(head);
      const after = tail === undefined ? [] : groups(tail);
      const middle = Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0');
      for (const group of [...before, ...middle, ...after]) out.short(parseInt(group, 16));
      return;
    }
    case 'CNAME':
    case 'PTR':
    case 'NS':
      return out.name(record.target);
    case 'TXT':
      for (const text of record.texts) {
        const bytes = utf8Encode(text).slice(0, 255);
        out.byte(bytes.length);
        out.raw(bytes);
      }
      return;
    case 'MX':
      out.short(record.preference);
      return out.name(record.target);
    case 'SRV':
      out.short(record.priority);
      out.short(record.weight);
      out.short(record.port);
      return out.name(record.target);
    case 'SOA':
      out.name(record.primary);
      out.name(record.mailbox);
      for (const value of [record.serial, record.refresh, record.retry, record.expire, record.minimum]) out.long(value);
  }
}

function writeRecord(out: Writer, record: DnsRecord): void {
  out.name(record.name);
  out.short(typeNumber(record.type) ?? 0);
  out.short(1);
  out.long(record.ttl);
  out.sized(() => writeData(out, record));
}

/** The message's bytes. */
export function encodeMessage(message: DnsMessage): Uint8Array {
  const out = new Writer();
  out.short(message.id);
  const flag = (set: boolean, bit: number) => (set ? 1 << bit : 0);
  out.short(
    flag(message.response, 15) | flag(message.authoritative, 10) | flag(message.truncated, 9) | flag(message.recursionDesired, 8) | flag(message.recursionAvailable, 7) | Math.max(0, codes.indexOf(message.code)),
  );
  out.short(message.questions.length);
  out.short(message.answers.length);
  out.short(message.authority.length);
  out.short(message.additional.length + (message.bufferSize === undefined ? 0 : 1));
  for (const question of message.questions) {
    out.name(question.name);
    out.short(typeNumber(question.type) ?? 0);
    out.short(1);
  }
  for (const record of [...message.answers, ...message.authority, ...message.additional]) writeRecord(out, record);
  if (message.bufferSize !== undefined) {
    out.byte(0);
    out.short(41);
    out.short(message.bufferSize);
    out.long(0);
    out.short(0);
  }
  return out.finish();
}
