/** A binary heap: the first by `before` comes out first. Items can be taken out by key. */
export class Heap<T extends { readonly uid: string }> {
  private readonly items: T[] = [];
  private readonly positions = new Map<string, number>();

  constructor(private readonly before: (a: T, b: T) => boolean) {}

  get size(): number {
    return this.items.length;
  }

  has(uid: string): boolean {
    return this.positions.has(uid);
  }

  get(uid: string): T | undefined {
    const position = this.positions.get(uid);
    return position === undefined ? undefined : this.items[position];
  }

  peek(): T | undefined {
    return this.items[0];
  }

  push(item: T): void {
    this.delete(item.uid);
    this.items.push(item);
    this.positions.set(item.uid, this.items.length - 1);
    this.rise(this.items.length - 1);
  }

  pop(): T | undefined {
    const [first] = this.items;
    if (first) this.delete(first.uid);
    return first;
  }

  delete(uid: string): T | undefined {
    const position = this.positions.get(uid);
    if (position === undefined) return undefined;
    const item = this.items[position] as T;
    const last = this.items.pop() as T;
    this.positions.delete(uid);
    if (last !== item) {
      this.items[position] = last;
      this.positions.set(last.uid, position);
      this.rise(position);
      this.sink(this.positions.get(last.uid) as number);
    }
    return item;
  }

  private rise(from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.before(this.items[index] as T, this.items[parent] as T)) return;
      this.swap(index, parent);
      index = parent;
    }
  }

  private sink(from: number): void {
    let index = from;
    for (;;) {
      let best = index;
      for (const child of [2 * index + 1, 2 * index + 2]) {
        if (child < this.items.length && this.before(this.items[child] as T, this.items[best] as T)) best = child;
      }
      if (best === index) return;
      this.swap(index, best);
      index = best;
    }
  }

  private swap(a: number, b: number): void {
    const left = this.items[a] as T;
    const right = this.items[b] as T;
    this.items[a] = right;
    this.items[b] = left;
    this.positions.set(right.uid, a);
    this.positions.set(left.uid, b);
  }
}
