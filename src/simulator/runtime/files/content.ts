import { utf8Encode } from '../../kernel';

const chunkBytes = 65_536;
const empty = new Uint8Array(0);

/** Bytes of a text; ASCII and others alike. */
export const bytesOf = (data: Uint8Array | string): Uint8Array => (typeof data === 'string' ? utf8Encode(data) : data);

function isZero(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] !== 0) return false;
  return true;
}

/** The bytes of a regular file in chunks of 64 KiB. A chunk of zeros alone is not held, so that dd from /dev/zero costs nothing. */
export class Content {
  size = 0;
  private chunks: (Uint8Array | undefined)[] = [];
  /** Chunks that a copy shares; they are copied before the next write. */
  private shared: Set<number> | undefined;

  static from(data: Uint8Array | string): Content {
    const content = new Content();
    content.write(0, bytesOf(data));
    return content;
  }

  /** A copy on write of the whole. */
  copy(): Content {
    const other = new Content();
    other.size = this.size;
    other.chunks = [...this.chunks];
    other.shared = new Set(this.chunks.keys());
    this.shared = new Set(this.chunks.keys());
    return other;
  }

  /** At most `limit` bytes from `offset`; no bytes at the end. The result is the caller's to keep, not to change. */
  read(offset: number, limit = Infinity): Uint8Array {
    const length = Math.min(this.size - offset, limit);
    if (length <= 0) return empty;
    const out = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const at = offset + done;
      const index = Math.floor(at / chunkBytes);
      const within = at - index * chunkBytes;
      const count = Math.min(chunkBytes - within, length - done);
      const chunk = this.chunks[index];
      if (chunk) out.set(chunk.subarray(within, within + count), done);
      done += count;
    }
    return out;
  }

  write(offset: number, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) {
      const at = offset + done;
      const index = Math.floor(at / chunkBytes);
      const within = at - index * chunkBytes;
      const count = Math.min(chunkBytes - within, bytes.length - done);
      this.writeChunk(index, within, bytes, done, count);
      done += count;
    }
    if (offset + bytes.length > this.size) this.size = offset + bytes.length;
  }

  truncate(size: number): void {
    if (size < this.size) {
      const last = Math.ceil(size / chunkBytes);
      this.chunks.length = Math.min(this.chunks.length, last);
      const rest = size % chunkBytes;
      const chunk = this.chunks[last - 1];
      if (rest > 0 && chunk) this.chunks[last - 1] = chunk.slice(0, rest);
    }
    this.size = size;
  }

  private writeChunk(index: number, within: number, bytes: Uint8Array, from: number, count: number): void {
    let chunk = this.chunks[index];
    if (!chunk && count === chunkBytes && isZero(bytes, from, from + count)) {
      while (this.chunks.length <= index) this.chunks.push(undefined);
      return;
    }
    if (!chunk || chunk.length < within + count || this.shared?.has(index)) {
      const needed = within + count;
      const capacity = chunk ? Math.min(chunkBytes, Math.max(needed, chunk.length * (chunk.length < needed ? 2 : 1))) : needed;
      const grown = new Uint8Array(capacity);
      if (chunk) grown.set(chunk.subarray(0, Math.min(chunk.length, this.size - index * chunkBytes)));
      chunk = grown;
      while (this.chunks.length <= index) this.chunks.push(undefined);
      this.chunks[index] = chunk;
      this.shared?.delete(index);
    }
    chunk.set(from === 0 && count === bytes.length ? bytes : bytes.subarray(from, from + count), within);
  }
}
