import { concatBytes, type Task } from '../../../kernel';
import { ByteReader, HttpError } from '../../../network';

/** A simple string: +OK. */
export class Status {
  constructor(readonly text: string) {}
}

/** An error reply: -ERR …. */
export class Failure {
  constructor(readonly text: string) {}
}

/** A reply: integer, bulk string (one character a byte), nil, array (undefined for a nil array). */
export type Reply = number | string | null | Status | Failure | readonly Reply[];

/** Bytes as a string with one character a byte. */
export function toText(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 8192) out += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return out;
}

export function toBytes(text: string): Uint8Array {
  const out = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i);
  return out;
}

/** RESP2 text of a reply. */
export function encodeReply(reply: Reply): string {
  if (typeof reply === 'number') return `:${reply}\r\n`;
  if (typeof reply === 'string') return `$${reply.length}\r\n${reply}\r\n`;
  if (reply === null) return '$-1\r\n';
  if (reply instanceof Status) return `+${reply.text}\r\n`;
  if (reply instanceof Failure) return `-${reply.text}\r\n`;
  return `*${reply.length}\r\n${reply.map(encodeReply).join('')}`;
}

/** A request as clients send it. */
export const encodeCommand = (args: readonly string[]): Uint8Array => toBytes(encodeReply(args));

/** The next command: RESP or inline; undefined when the client closed. Throws HttpError for what is neither. */
export function* readCommand(reader: ByteReader): Task<readonly string[] | undefined> {
  for (;;) {
    const line = yield* rawLine(reader);
    if (line === undefined) return undefined;
    if (!line.startsWith('*')) {
      const words = splitWords(line);
      if (words === undefined) throw new HttpError('malformed', 'unbalanced quotes in request');
      if (words.length > 0) return words;
      continue;
    }
    const count = Number(line.slice(1));
    if (!Number.isInteger(count) || count > 1_048_576) throw new HttpError('malformed', 'invalid multibulk length');
    const args: string[] = [];
    for (let i = 0; i < count; i++) {
      const head = yield* rawLine(reader);
      if (head === undefined) return undefined;
      if (!head.startsWith('$')) throw new HttpError('malformed', `expected '$', got '${head[0] ?? ''}'`);
      const length = Number(head.slice(1));
      if (!Number.isInteger(length) || length < 0) throw new HttpError('malformed', 'invalid bulk length');
      args.push(toText(yield* reader.exactly(length)));
      yield* reader.exactly(2);
    }
    if (args.length > 0) return args;
  }
}

/** The next reply; undefined when the server closed. */
export function* readReply(reader: ByteReader): Task<Reply | undefined> {
  const line = yield* rawLine(reader);
  if (line === undefined) return undefined;
  const rest = line.slice(1);
  switch (line[0]) {
    case '+': return new Status(rest);
    case '-': return new Failure(rest);
    case ':': return Number(rest);
    case '$': {
      if (rest === '-1') return null;
      const text = toText(yield* reader.exactly(Number(rest)));
      yield* reader.exactly(2);
      return text;
    }
    case '*': {
      if (rest === '-1') return null;
      const items: Reply[] = [];
      for (let i = 0; i < Number(rest); i++) items.push((yield* readReply(reader)) ?? null);
      return items;
    }
    default: throw new HttpError('malformed', `Protocol error, got "${line[0] ?? ''}" as reply type byte`);
  }
}

function* rawLine(reader: ByteReader): Task<string | undefined> {
  const parts: Uint8Array[] = [];
  for (;;) {
    const byte = yield* reader.some(1);
    if (byte === undefined) return undefined;
    if (byte[0] === 10) break;
    parts.push(byte);
  }
  const text = parts.length === 0 ? '' : toText(concatBytes(parts));
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}

/** Words of a line with quotes and escapes, as redis-cli and inline commands take them; undefined when quotes do not match. */
export function splitWords(line: string): string[] | undefined {
  const words: string[] = [];
  let i = 0;
  for (;;) {
    while (i < line.length && /\s/.test(line[i] as string)) i += 1;
    if (i >= line.length) return words;
    let word = '';
    const quote = line[i] === '"' || line[i] === "'" ? line[i] : undefined;
    if (quote === undefined) {
      while (i < line.length && !/\s/.test(line[i] as string)) word += line[i++];
    } else {
      for (i += 1; ; i++) {
        const c = line[i];
        if (c === undefined) return undefined;
        if (c === quote) break;
        const hex = /^\\x([0-9a-fA-F]{2})/.exec(line.slice(i, i + 4));
        if (quote === '"' && hex) {
          word += String.fromCharCode(parseInt(hex[1] as string, 16));
          i += 3;
        } else if (c === '\\' && quote === '"' && i + 1 < line.length) word += { n: '\n', r: '\r', t: '\t', b: '\b', a: '\x07' }[line[++i] as string] ?? line[i];
        else if (c === '\\' && quote === "'" && line[i + 1] === "'") word += line[++i];
        else word += c;
      }
      i += 1;
      if (i < line.length && !/\s/.test(line[i] as string)) return undefined;
    }
    words.push(word);
  }
}
