/** What is wrong with some DER, in the words of Go's reader, which is what Kubernetes answers with. */
export class DerError extends Error {}

const syntax = (what: string): DerError => new DerError(`asn1: syntax error: ${what}`);
const structure = (what: string): DerError => new DerError(`asn1: structure error: ${what}`);

/** Tags of the universal class (ITU-T X.680). */
export const tags = { boolean: 1, integer: 2, bitString: 3, octetString: 4, identifier: 6, utf8: 12, sequence: 16, set: 17, printable: 19, ia5: 22 } as const;

/** One element of DER (ITU-T X.690): what its header says, and its content. */
export interface Element {
  /** 0 universal, 1 application, 2 context, 3 private. */
  readonly class: number;
  readonly tag: number;
  readonly constructed: boolean;
  readonly content: Uint8Array;
  /** Header and content. */
  readonly whole: Uint8Array;
}

interface Header extends Omit<Element, 'content' | 'whole'> {
  readonly length: number;
  /** Where the content begins. */
  readonly start: number;
}

const largest = 1 << 23;

function highTag(bytes: Uint8Array, from: number): { readonly tag: number; readonly at: number } {
  let tag = 0;
  for (let at = from; at < bytes.length; at++) {
    if (at - from === 5) throw structure('base 128 integer too large');
    const byte = bytes[at] as number;
    tag = tag * 128 + (byte & 0x7f);
    if (at === from && byte === 0x80) throw syntax('integer is not minimally encoded');
    if (byte & 0x80) continue;
    if (tag < 31) throw syntax('non-minimal tag');
    return { tag, at: at + 1 };
  }
  throw syntax('truncated base 128 integer');
}

function headerAt(bytes: Uint8Array, from: number): Header {
  const first = bytes[from] as number;
  let at = from + 1;
  let tag = first & 31;
  if (tag === 31) ({ tag, at } = highTag(bytes, at));
  const next = (): number => {
    const byte = bytes[at++];
    if (byte === undefined) throw syntax('truncated tag or length');
    return byte;
  };
  let length = next();
  if (length & 0x80) {
    const count = length & 0x7f;
    if (count === 0) throw syntax('indefinite length found (not DER)');
    length = 0;
    for (let read = 0; read < count; read++) {
      const byte = next();
      if (length >= largest) throw structure('length too large');
      length = length * 256 + byte;
      if (length === 0) throw structure('superfluous leading zeros in length');
    }
    if (length < 0x80) throw structure('non-minimal length');
  }
  return { class: first >> 6, tag, constructed: (first & 0x20) !== 0, length, start: at };
}

/** What an element must be, and what the reader calls its place in a message. */
export interface Wanted {
  readonly tag: number;
  readonly class?: number;
  readonly name: string;
}

const noParameters = '{optional:false explicit:false application:false private:false defaultValue:<nil> tag:<nil> stringType:0 timeType:0 set:false omitEmpty:false}';
const tagged = (tag: number): string => noParameters.replace('tag:<nil>', `tag:${tag}`);
const compound = (tag: number): boolean => tag === tags.sequence || tag === tags.set;

/** Reads the elements of some content, one after the other. */
export class DerReader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get ended(): boolean {
    return this.at >= this.bytes.length;
  }

  /** The next element, whatever it is. Throws a DerError when there is none. */
  any(): Element {
    const header = this.header();
    return this.take(header);
  }

  /** The next element, which must be this. */
  next({ tag, class: wantedClass = 0, name }: Wanted): Element {
    const header = this.header();
    const { class: itsClass, tag: its, length, constructed } = header;
    if (its !== tag || itsClass !== wantedClass || constructed !== (wantedClass !== 0 || compound(tag)))
      throw structure(`tags don't match (${tag} vs {class:${itsClass} tag:${its} length:${length} isCompound:${constructed}}) ${wantedClass === 0 ? noParameters : tagged(tag)} ${name} @${header.start}`);
    return this.take(header);
  }

  /** The next element's tag, if it has one of the universal class. */
  get tag(): number | undefined {
    const header = this.ended ? undefined : headerAt(this.bytes, this.at);
    return header?.class === 0 ? header.tag : undefined;
  }

  /** The bytes of the next element, an integer. */
  integer(): Uint8Array {
    const { content } = this.next({ tag: tags.integer, name: 'int' });
    checkInteger(content);
    return content;
  }

  private header(): Header {
    if (this.ended) throw syntax('sequence truncated');
    return headerAt(this.bytes, this.at);
  }

  private take({ length, start, ...rest }: Header): Element {
    if (start + length > this.bytes.length) throw syntax('data truncated');
    const whole = this.bytes.subarray(this.at, start + length);
    this.at = start + length;
    return { ...rest, content: this.bytes.subarray(start, start + length), whole };
  }
}

/** The elements of a list, which must all be of one kind, if one is said. */
export function elementsOf(content: Uint8Array, tag?: number): Element[] {
  const out: Element[] = [];
  for (let at = 0; at < content.length; ) {
    const { start, length, ...rest } = headerAt(content, at);
    if (tag !== undefined && (rest.class !== 0 || !rest.constructed || rest.tag !== tag)) throw structure('sequence tag mismatch');
    if (start + length > content.length) throw syntax('truncated sequence');
    out.push({ ...rest, content: content.subarray(start, start + length), whole: content.subarray(at, start + length) });
    at = start + length;
  }
  return out;
}

/** An object identifier in dots: 2.5.4.3. */
export function identifierOf(content: Uint8Array): string {
  if (content.length === 0) throw syntax('zero length OBJECT IDENTIFIER');
  const numbers: number[] = [];
  let value = 0;
  let begins = true;
  for (const [at, byte] of content.entries()) {
    if (begins && byte === 0x80) throw syntax('integer is not minimally encoded');
    value = value * 128 + (byte & 0x7f);
    begins = (byte & 0x80) === 0;
    if (!begins && at === content.length - 1) throw syntax('truncated base 128 integer');
    if (!begins) continue;
    if (value > 0x7fffffff) throw structure('base 128 integer too large');
    if (numbers.length === 0) numbers.push(Math.min(Math.floor(value / 40), 2), value - 40 * Math.min(Math.floor(value / 40), 2));
    else numbers.push(value);
    value = 0;
  }
  return numbers.join('.');
}

/** Checks an integer's content: DER has one way to write each. */
export function checkInteger(content: Uint8Array): void {
  const [first, second = 0] = content;
  if (first === undefined) throw structure('empty integer');
  if (content.length > 1 && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))) throw structure('integer not minimally-encoded');
}

/** The bits of a bit string as whole bytes, the last bit at the end of the last one. */
export function bitsOf(content: Uint8Array): Uint8Array {
  const [padding] = content;
  if (padding === undefined) throw syntax('zero length BIT STRING');
  const last = content[content.length - 1] as number;
  if (padding > 7 || (content.length === 1 && padding > 0) || (last & ((1 << padding) - 1)) !== 0) throw syntax('invalid padding bits in BIT STRING');
  const bytes = content.subarray(1);
  return padding === 0 ? bytes : bytes.map((byte, at) => (((bytes[at - 1] ?? 0) << 8) | byte) >> padding);
}

/** Checks that nothing follows. */
export function checkEnd(reader: DerReader): void {
  if (!reader.ended) throw syntax('trailing data');
}

/** Whether these bytes are one sequence, whatever is in it. */
export function isSequence(bytes: Uint8Array): boolean {
  try {
    const reader = new DerReader(bytes);
    elementsOf(reader.next({ tag: tags.sequence, name: '' }).content);
    return reader.ended;
  } catch (error) {
    if (error instanceof DerError) return false;
    throw error;
  }
}
