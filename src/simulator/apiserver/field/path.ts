/** Where in an object one is: a linked node whose text is only made for an error. */
export class Path {
  constructor(
    private readonly parent: Path | undefined,
    private readonly part: string | number,
    private readonly keyed: boolean,
  ) {}

  /** .name */
  child(name: string): Path {
    return new Path(this, name, false);
  }

  /** [3] of a list, [key] of a map */
  index(key: string | number): Path {
    return new Path(this, key, true);
  }

  toString(): string {
    const text = this.keyed ? `[${this.part}]` : String(this.part);
    if (this.parent === undefined) return text;
    return this.keyed ? `${this.parent.toString()}${text}` : `${this.parent.toString()}.${text}`;
  }
}

/** The path of a top-level field: fieldPath('spec'). */
export const fieldPath = (name: string): Path => new Path(undefined, name, false);
