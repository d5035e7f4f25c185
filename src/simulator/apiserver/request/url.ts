/** A request's path and query, decoded. */
export interface ParsedUrl {
  readonly path: string;
  readonly query: Query;
}

/** The query: names may repeat; the first one counts where one is wanted. */
export class Query {
  constructor(private readonly values: ReadonlyMap<string, readonly string[]>) {}

  get(name: string): string | undefined {
    return this.values.get(name)?.[0];
  }

  all(name: string): readonly string[] {
    return this.values.get(name) ?? [];
  }

  has(name: string): boolean {
    return this.values.has(name);
  }

  /** As Go reads a boolean parameter: absent is false, and so are 0 and false in any case; else true. */
  flag(name: string): boolean {
    const value = this.get(name);
    return value !== undefined && value !== '0' && value.toLowerCase() !== 'false';
  }

  entries(): Iterable<readonly [string, readonly string[]]> {
    return this.values;
  }
}

const noQuery = new Query(new Map());

function decode(text: string, plus: boolean): string {
  if (!text.includes('%') && !(plus && text.includes('+'))) return text;
  try {
    return decodeURIComponent(plus ? text.replaceAll('+', ' ') : text);
  } catch {
    return text;
  }
}

function parseQuery(text: string): Query {
  const values = new Map<string, string[]>();
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals), true);
    const value = equals < 0 ? '' : decode(pair.slice(equals + 1), true);
    const there = values.get(name);
    if (there) there.push(value);
    else values.set(name, [value]);
  }
  return new Query(values);
}

/** Splits and decodes '/path?query'. */
export function parseUrl(url: string): ParsedUrl {
  const mark = url.indexOf('?');
  if (mark < 0) return { path: decode(url, false), query: noQuery };
  return { path: decode(url.slice(0, mark), false), query: parseQuery(url.slice(mark + 1)) };
}
