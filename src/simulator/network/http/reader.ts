import { concatBytes, type Task, utf8Decode } from '../../kernel';
import type { Connection } from '../interface';

/** A message that is no HTTP, or that ends too early. */
export class HttpError extends Error {
  override readonly name = 'HttpError';

  constructor(readonly reason: 'malformed' | 'too-large' | 'closed', message: string) {
    super(message);
  }
}

const empty = new Uint8Array(0);

/** Whether what comes is no head of a message at all (a handshake of TLS, for one). */
const startsWithNoText = ([first = 32]: Uint8Array): boolean => first < 32 && first !== 13 && first !== 10;

/** Reads a connection line by line, or by length; keeps what came too much. */
export class ByteReader {
  private buffer: Uint8Array = empty;
  /** Bytes taken from the connection so far. */
  received = 0;

  constructor(private readonly connection: Pick<Connection, 'read'>) {}

  get buffered(): boolean {
    return this.buffer.length > 0;
  }

  /** Whatever is there next; undefined at the end. */
  *some(limit = Infinity): Task<Uint8Array | undefined> {
    if (this.buffer.length === 0) {
      const next = yield* this.connection.read();
      if (next === undefined) return undefined;
      this.received += next.length;
      this.buffer = next;
    }
    const out = this.buffer.length > limit ? this.buffer.subarray(0, limit) : this.buffer;
    this.buffer = this.buffer.subarray(out.length);
    return out;
  }

  /** The next line without its end; undefined when the stream ends first with nothing left. Throws HttpError beyond `limit`. */
  *line(limit = 65_536): Task<string | undefined> {
    let from = 0;
    for (;;) {
      const end = this.buffer.indexOf(10, from);
      if (end >= 0) {
        const text = utf8Decode(this.buffer.subarray(0, end > 0 && this.buffer[end - 1] === 13 ? end - 1 : end));
        this.buffer = this.buffer.subarray(end + 1);
        return text;
      }
      if (this.buffer.length > limit) throw new HttpError('too-large', 'line too long');
      from = this.buffer.length;
      if (!(yield* this.fill())) {
        if (this.buffer.length === 0) return undefined;
        const rest = utf8Decode(this.buffer);
        this.buffer = empty;
        return rest;
      }
    }
  }

  /** The text up to and without the next empty line; undefined when the stream ends before a byte came. */
  *head(limit = 65_536): Task<string | undefined> {
    for (let from = 0; ; ) {
      const end = endOfHead(this.buffer, from);
      if (end) {
        const text = utf8Decode(this.buffer.subarray(0, end.text));
        this.buffer = this.buffer.subarray(end.next);
        return text;
      }
      if (this.buffer.length > limit) throw new HttpError('too-large', 'header too large');
      if (startsWithNoText(this.buffer)) throw new HttpError('malformed', 'no text');
      from = Math.max(0, this.buffer.length - 3);
      if (!(yield* this.fill())) {
        if (this.buffer.length === 0) return undefined;
        throw new HttpError('closed', 'unexpected end of header');
      }
    }
  }

  /** Exactly so many bytes. Throws HttpError when the stream ends first. */
  *exactly(length: number): Task<Uint8Array> {
    const parts: Uint8Array[] = [];
    for (let missing = length; missing > 0; ) {
      const part = yield* this.some(missing);
      if (part === undefined) throw new HttpError('closed', 'unexpected end of body');
      parts.push(part);
      missing -= part.length;
    }
    return parts.length === 0 ? empty : concatBytes(parts);
  }

  private *fill(): Task<boolean> {
    const next = yield* this.connection.read();
    if (next === undefined) return false;
    this.received += next.length;
    this.buffer = this.buffer.length === 0 ? next : concatBytes([this.buffer, next]);
    return true;
  }
}

function endOfHead(bytes: Uint8Array, from: number): { text: number; next: number } | undefined {
  for (let i = bytes.indexOf(10, from); i >= 0; i = bytes.indexOf(10, i + 1)) {
    const next = bytes[i + 1];
    if (next === 10) return { text: i, next: i + 2 };
    if (next === 13 && bytes[i + 2] === 10) return { text: bytes[i - 1] === 13 ? i - 1 : i, next: i + 3 };
  }
  return undefined;
}
