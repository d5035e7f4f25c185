const chunkSize = 512;

/** Strings in order: insert, delete and seek in logarithmic time, walked in order from anywhere. */
export class SortedKeys {
  private readonly chunks: string[][] = [[]];
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** Does nothing when the key is there. */
  add(key: string): void {
    const index = this.chunkOf(key);
    const chunk = this.chunks[index] as string[];
    const at = lowerBound(chunk, key);
    if (chunk[at] === key) return;
    chunk.splice(at, 0, key);
    this.count += 1;
    if (chunk.length > chunkSize) this.chunks.splice(index + 1, 0, chunk.splice(chunkSize / 2));
  }

  delete(key: string): void {
    const index = this.chunkOf(key);
    const chunk = this.chunks[index] as string[];
    const at = lowerBound(chunk, key);
    if (chunk[at] !== key) return;
    chunk.splice(at, 1);
    this.count -= 1;
    if (chunk.length === 0 && this.chunks.length > 1) this.chunks.splice(index, 1);
  }

  /** Calls `visit` with each key in [start, end) in order, until it says false. */
  walk(start: string, end: string, visit: (key: string) => boolean): void {
    let index = this.chunkOf(start);
    let at = lowerBound(this.chunks[index] as string[], start);
    for (; index < this.chunks.length; index++, at = 0) {
      const chunk = this.chunks[index] as string[];
      for (; at < chunk.length; at++) {
        const key = chunk[at] as string;
        if (key >= end || !visit(key)) return;
      }
    }
  }

  /** The chunk in which `key` is or belongs. */
  private chunkOf(key: string): number {
    let low = 0;
    let high = this.chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (((this.chunks[middle] as string[])[0] as string) <= key) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function lowerBound(chunk: readonly string[], key: string): number {
  let low = 0;
  let high = chunk.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((chunk[middle] as string) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
