import { UsageError } from '../errors';
import { parseGoDuration, type FlagDefinition } from './definition';

/** The flags of one command after parsing. Asking for a flag that the command lacks is a defect. */
export class ParsedFlags {
  private readonly values = new Map<string, unknown>();
  private readonly set = new Set<string>();

  constructor(private readonly definitions: ReadonlyMap<string, FlagDefinition>) {
    for (const { name, value } of definitions.values()) this.values.set(name, value);
  }

  /** The same, but as if these had not been given. */
  without(names: ReadonlySet<string>): ParsedFlags {
    if (names.size === 0) return this;
    const copy = new ParsedFlags(this.definitions);
    for (const [name, value] of this.values) {
      if (names.has(name)) copy.values.set(name, undefined);
      else copy.values.set(name, value);
      if (this.set.has(name) && !names.has(name)) copy.set.add(name);
    }
    return copy;
  }

  has(name: string): boolean {
    return this.definitions.has(name);
  }

  /** Whether the user gave it. */
  changed(name: string): boolean {
    return this.set.has(name);
  }

  string(name: string): string {
    return String(this.values.get(name) ?? '');
  }

  bool(name: string): boolean {
    return this.values.get(name) === true;
  }

  /** Of ints the number, of durations the seconds. */
  number(name: string): number {
    return this.values.get(name) as number;
  }

  list(name: string): readonly string[] {
    return (this.values.get(name) as readonly string[] | undefined) ?? [];
  }

  assign(definition: FlagDefinition, value: unknown): void {
    const before = this.set.has(definition.name) ? this.list(definition.name) : [];
    const isList = definition.kind === 'list' || definition.kind === 'commaList';
    this.values.set(definition.name, isList ? [...before, ...(value as string[])] : value);
    this.set.add(definition.name);
  }

  /** Sets a default of the command's own making. */
  preset(name: string, value: unknown): void {
    this.values.set(name, value);
  }

  /** Names of the flags that were set, sorted. */
  get changedNames(): string[] {
    return [...this.set].sort();
  }
}

const shownName = (definition: FlagDefinition): string => (definition.shorthand === undefined ? `--${definition.name}` : `-${definition.shorthand}, --${definition.name}`);

const trueWords = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);
const falseWords = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False']);

/** Splits one CSV record as Go's reader does: quoted fields, doubled quotes. */
function splitCsv(text: string): string[] {
  if (text === '') return [];
  const out: string[] = [];
  let rest = text;
  for (;;) {
    const quoted = /^"((?:[^"]|"")*)"(,|$)/.exec(rest);
    if (quoted) {
      out.push((quoted[1] as string).replaceAll('""', '"'));
      if (quoted[2] === '') return out;
      rest = rest.slice(quoted[0].length);
    } else {
      const comma = rest.indexOf(',');
      if (comma < 0) return [...out, rest];
      out.push(rest.slice(0, comma));
      rest = rest.slice(comma + 1);
    }
  }
}

/** The value of a flag from its text; throws UsageError in pflag's words. */
function convert(definition: FlagDefinition, text: string): unknown {
  const refuse = (reason: string): never => {
    throw new UsageError(`invalid argument ${quote(text)} for "${shownName(definition)}" flag: ${reason}`, 'usage');
  };
  switch (definition.kind) {
    case 'bool':
      if (trueWords.has(text)) return true;
      if (falseWords.has(text)) return false;
      return refuse(`strconv.ParseBool: parsing ${quote(text)}: invalid syntax`);
    case 'int':
      return convertInt(definition, text, refuse);
    case 'duration': {
      const value = parseGoDuration(text);
      if (value !== undefined) return value;
      if (/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text)) return refuse(`time: missing unit in duration ${quote(text)}`);
      const unit = /^[+-]?(?:\d+\.?\d*|\.\d+)([^\d.]+)/.exec(text);
      return refuse(unit ? `time: unknown unit ${quote(unit[1] as string)} in duration ${quote(text)}` : `time: invalid duration ${quote(text)}`);
    }
    case 'list':
      return [text];
    case 'commaList':
      return splitCsv(text);
    case 'string':
      return text;
  }
}

function convertInt(definition: FlagDefinition, text: string, refuse: (reason: string) => never): number {
  const plain = text.replace(/_/g, '');
  if (!/^[+-]?(0[xX][\da-fA-F]+|0[bB][01]+|0[oO]?[0-7]*|[1-9]\d*)$/.test(plain)) return refuse(`strconv.ParseInt: parsing ${quote(text)}: invalid syntax`);
  const digits = plain.replace(/^[+-]/, '');
  const octal = /^0[0-7]+$/.test(digits);
  const value = Number(octal ? `0o${digits.slice(1)}` : digits) * (plain.startsWith('-') ? -1 : 1);
  const limit = definition.bits === 32 ? 2 ** 31 : 2 ** 63;
  if (value >= limit || value < -limit) return refuse(`strconv.ParseInt: parsing ${quote(text)}: value out of range`);
  return value;
}

/** Go's %q, for the texts that one types. */
export const quote = (text: string): string => JSON.stringify(text);

/** The result of a parse: the flags, the other words, and how many of them came before `--` (undefined without one). */
export interface Parsed {
  readonly flags: ParsedFlags;
  readonly args: string[];
  readonly dash: number | undefined;
}

/** Parses words as pflag does with interspersed arguments. Throws UsageError. */
export function parseFlags(definitions: readonly FlagDefinition[], words: readonly string[]): Parsed {
  const byName = new Map(definitions.map((definition) => [definition.name, definition]));
  const byShorthand = new Map(definitions.flatMap((definition) => (definition.shorthand === undefined ? [] : [[definition.shorthand, definition]])));
  const flags = new ParsedFlags(byName);
  const args: string[] = [];
  let dash: number | undefined;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    if (word === '--') {
      dash = args.length;
      args.push(...words.slice(i + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') args.push(word);
    else if (word.startsWith('--')) i += parseLong(word, words[i + 1], byName, flags);
    else i += parseShort(word, words[i + 1], byShorthand, flags);
  }
  return { flags, args, dash };
}

/** How many further words it took. */
function parseLong(word: string, next: string | undefined, byName: ReadonlyMap<string, FlagDefinition>, flags: ParsedFlags): number {
  const body = word.slice(2);
  if (body === '' || body.startsWith('-') || body.startsWith('=')) throw new UsageError(`bad flag syntax: ${word}`, 'usage');
  const equals = body.indexOf('=');
  const name = equals < 0 ? body : body.slice(0, equals);
  const definition = byName.get(name.replaceAll('_', '-'));
  if (!definition) throw new UsageError(`unknown flag: --${name}`, 'usage');
  if (equals >= 0) flags.assign(definition, convert(definition, body.slice(equals + 1)));
  else if (definition.withoutValue !== undefined) flags.assign(definition, convert(definition, definition.withoutValue));
  else if (next !== undefined) {
    flags.assign(definition, convert(definition, next));
    return 1;
  } else throw new UsageError(`flag needs an argument: ${word}`, 'usage');
  return 0;
}

/** How many further words it took. */
function parseShort(word: string, next: string | undefined, byShorthand: ReadonlyMap<string, FlagDefinition>, flags: ParsedFlags): number {
  let letters = word.slice(1);
  while (letters.length > 0) {
    const letter = letters[0] as string;
    const definition = byShorthand.get(letter);
    if (!definition) throw new UsageError(`unknown shorthand flag: '${letter}' in -${letters}`, 'usage');
    const rest = letters.slice(1);
    if (rest.startsWith('=')) {
      flags.assign(definition, convert(definition, rest.slice(1)));
      return 0;
    }
    if (definition.withoutValue !== undefined) {
      flags.assign(definition, convert(definition, definition.withoutValue));
      letters = rest;
    } else if (rest !== '') {
      flags.assign(definition, convert(definition, rest));
      return 0;
    } else if (next !== undefined) {
      flags.assign(definition, convert(definition, next));
      return 1;
    } else throw new UsageError(`flag needs an argument: '${letter}' in -${letters}`, 'usage');
  }
  return 0;
}
