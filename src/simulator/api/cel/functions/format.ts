import { Bytes, CelDuration, CelError, isCelObject, isMapLike, listItems, lookup, mapKeys, Timestamp, typeNameOf, TypeValue, Uint } from '../values';
import { toText } from './standard';

/** A value inside a formatted text; texts inside lists and maps are quoted. */
function shown(value: unknown, inside = false): string {
  if (typeof value === 'string') return inside ? JSON.stringify(value) : value;
  if (value === null) return 'null';
  if (value instanceof TypeValue) return value.type;
  if (value instanceof Timestamp || value instanceof CelDuration) return inside ? `${value instanceof Timestamp ? 'timestamp' : 'duration'}("${toText(value)}")` : toText(value);
  if (value instanceof Bytes || value instanceof Uint || typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean') return toText(value);
  const items = listItems(value);
  if (items) return `[${items.map((item) => shown(item, true)).join(', ')}]`;
  if (!isCelObject(value) && isMapLike(value)) return `{${mapKeys(value).map((key) => `${shown(key, true)}:${shown(lookup(value, key), true)}`).sort().join(', ')}}`;
  throw new CelError(`could not convert argument ${JSON.stringify(typeNameOf(value))} to string`);
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** 1.234500×10⁰³ */
function scientific(value: number, digits: number): string {
  const [mantissa = '', exponent = '0'] = value.toExponential(digits).split('e');
  const power = Math.abs(Number(exponent)).toString().padStart(2, '0').replace(/\d/g, (digit) => superscripts[Number(digit)] as string);
  return `${mantissa}×10${Number(exponent) < 0 ? '⁻' : ''}${power}`;
}

function whole(value: unknown, base: number, what: string): string {
  if (typeof value === 'bigint') return value.toString(base);
  if (value instanceof Uint) return value.value.toString(base);
  if (typeof value === 'boolean' && base === 2) return value ? '1' : '0';
  throw new CelError(`error during formatting: ${what} clause can only be used on ${base === 2 ? 'integers and bools' : 'integers'}, was given ${typeNameOf(value)}`);
}

function hexadecimal(value: unknown): string {
  if (typeof value === 'string') return [...new TextBytes(value)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  if (value instanceof Bytes) return [...value.value].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  if (typeof value === 'bigint' || value instanceof Uint) return whole(value, 16, 'hex');
  throw new CelError(`error during formatting: only integers, byte buffers, and strings can be formatted as hex, was given ${typeNameOf(value)}`);
}

/** The bytes of a text. */
class TextBytes {
  constructor(private readonly text: string) {}

  *[Symbol.iterator](): Generator<number> {
    for (const part of encodeURIComponent(this.text).matchAll(/%([0-9A-F]{2})|(.)/g)) yield part[1] === undefined ? (part[2] as string).charCodeAt(0) : parseInt(part[1], 16);
  }
}

function clause(verb: string, precision: number, value: unknown): string {
  switch (verb) {
    case 's': return shown(value);
    case 'd': return whole(value, 10, 'decimal');
    case 'b': return whole(value, 2, 'binary');
    case 'o': return whole(value, 8, 'octal');
    case 'x': return hexadecimal(value);
    case 'X': return hexadecimal(value).toUpperCase();
    default:
      if (typeof value !== 'number') throw new CelError(`error during formatting: ${verb === 'f' ? 'fixed-point' : 'scientific'} clause can only be used on doubles, was given ${typeNameOf(value)}`);
      return verb === 'f' ? value.toFixed(precision) : scientific(value, precision);
  }
}

const usualDigits = 6;

/** text.format(args) of CEL's string extension. */
export function format(text: string, args: unknown): string {
  const values = listItems(args) ?? [];
  let used = 0;
  return text.replace(/%(%|(?:\.(\d+))?([\s\S]?))/g, (_, all: string, precision: string | undefined, verb: string | undefined) => {
    if (all === '%') return '%';
    if (verb === undefined || verb === '') throw new CelError('unexpected end of string');
    if (!'sdfexXob'.includes(verb)) throw new CelError(`could not parse formatting clause: unrecognized formatting clause ${JSON.stringify(verb)}`);
    if (used >= values.length) throw new CelError(`index ${used} out of range`);
    return clause(verb, Number(precision ?? usualDigits), values[used++]);
  });
}
