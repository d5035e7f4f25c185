import type { Output } from '../process/program';
import { unescapeText } from './escapes';

const directive = /%([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+)?)?(?:hh|h|ll|l|j|z|t|L)?([a-zA-Z%])/y;

/** A number as printf reads it: decimal, 0x, 0, or 'c for a character's code. `bad`: it was none. */
function integer(text: string): { value: bigint; bad: boolean } {
  const trimmed = text.trim();
  if (trimmed === '') return { value: 0n, bad: text !== '' };
  if (/^['"]/.test(trimmed)) return { value: BigInt(trimmed.codePointAt(1) ?? 0), bad: false };
  const match = /^([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)$/.exec(trimmed);
  if (!match) return { value: 0n, bad: true };
  const digits = match[2] as string;
  const value = /^0[0-7]+$/.test(digits) ? BigInt(`0o${digits.slice(1)}`) : BigInt(digits);
  return { value: match[1] === '-' ? -value : value, bad: false };
}

/** C's %g. */
export function formatGeneral(value: number, precision: number, alternative = false): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value < 0 ? '-inf' : 'inf';
  const digits = precision === 0 ? 1 : precision;
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const exponent = Number(value.toExponential(digits - 1).split('e')[1]);
  if (exponent < -4 || exponent >= digits) {
    const text = formatExponent(value, digits - 1);
    return alternative ? text : text.replace(/\.?0+e/, 'e');
  }
  const text = value.toFixed(Math.max(0, Math.min(100, digits - 1 - exponent)));
  return alternative || !text.includes('.') ? text : text.replace(/\.?0+$/, '');
}

/** C's %e: an exponent of at least two digits. */
export function formatExponent(value: number, precision: number): string {
  return value.toExponential(Math.min(100, precision)).replace(/e([-+])(\d)$/, 'e$10$2');
}

/** Puts sign, padding and zeros around a number's digits. */
function pad(text: string, flags: string, width: number, zeros: boolean): string {
  let signed = text;
  if (!text.startsWith('-')) {
    if (flags.includes('+')) signed = `+${text}`;
    else if (flags.includes(' ')) signed = ` ${text}`;
  }
  if (signed.length >= width) return signed;
  if (flags.includes('-')) return signed.padEnd(width);
  if (zeros && flags.includes('0')) {
    const sign = /^[-+ ]?(?:0[xX])?/.exec(signed)?.[0] ?? '';
    return sign + signed.slice(sign.length).padStart(width - sign.length, '0');
  }
  return signed.padStart(width);
}

/** One integer conversion. */
export function formatInteger(value: bigint, conversion: string, flags: string, width: number, precision: number | undefined): string {
  let digits: string;
  const unsigned = BigInt.asUintN(64, value);
  if (conversion === 'd' || conversion === 'i') digits = value.toString();
  else if (conversion === 'u') digits = unsigned.toString();
  else if (conversion === 'o') digits = unsigned.toString(8);
  else digits = conversion === 'X' ? unsigned.toString(16).toUpperCase() : unsigned.toString(16);
  if (precision !== undefined) {
    const sign = digits.startsWith('-') ? '-' : '';
    digits = sign + digits.slice(sign.length).padStart(precision, '0');
  }
  if (flags.includes('#') && unsigned !== 0n) {
    if (conversion === 'o') digits = `0${digits}`;
    if (conversion === 'x' || conversion === 'X') digits = `0${conversion}${digits}`;
  }
  const signFlags = conversion === 'd' || conversion === 'i' ? flags : flags.replace(/[+ ]/g, '');
  return pad(digits, signFlags, width, precision === undefined);
}

/** One floating conversion. */
export function formatFloat(value: number, conversion: string, flags: string, width: number, precision = 6): string {
  const lower = conversion.toLowerCase();
  let text: string;
  if (!Number.isFinite(value)) text = Number.isNaN(value) ? 'nan' : value < 0 ? '-inf' : 'inf';
  else if (lower === 'f') text = Math.abs(value) < 1e21 ? value.toFixed(Math.min(100, precision)) : BigInt(Math.round(value)).toString() + (precision > 0 ? `.${'0'.repeat(precision)}` : '');
  else if (lower === 'e') text = formatExponent(value, precision);
  else text = formatGeneral(value, precision, flags.includes('#'));
  return pad(conversion === lower ? text : text.toUpperCase(), flags, width, Number.isFinite(value));
}

/** printf as a command: `name` stands before its complaints. */
export function printf(name: string, argv: readonly string[], out: Output): number {
  const [, format, ...values] = argv;
  if (format === undefined) {
    out.error(`${name}: usage: printf FORMAT [ARG]...\n`);
    return 2;
  }
  let status = 0;
  let next = 0;
  const take = () => values[next++];
  do {
    const from = next;
    for (let i = 0; i < format.length; ) {
      directive.lastIndex = i;
      const c = format[i] as string;
      if (c === '\\') {
        const length = /^\\(?:x[0-9a-fA-F]{1,2}|[0-7]{1,3}|.)?/s.exec(format.slice(i))?.[0].length ?? 1;
        let end = i + length;
        while (/^\\(?:x[0-9a-fA-F]|[0-7])/.test(format.slice(end))) end += /^\\(?:x[0-9a-fA-F]{1,2}|[0-7]{1,3})/.exec(format.slice(end))?.[0].length ?? 1;
        const { text, stop } = unescapeText(format.slice(i, end), false);
        out.writeRaw(text);
        if (stop) return status;
        i = end;
        continue;
      }
      if (c !== '%') {
        const end = /[%\\]/.exec(format.slice(i))?.index ?? format.length - i;
        out.write(format.slice(i, i + end));
        i += end;
        continue;
      }
      const match = directive.exec(format);
      if (!match) {
        out.error(`${name}: %${format[i + 1] ?? ''}: invalid format\n`);
        return 1;
      }
      i += match[0].length;
      const result = convert(match, take);
      out.writeRaw(result.text);
      if (result.bad !== undefined) {
        out.error(`${name}: invalid number '${result.bad}'\n`);
        status = 1;
      }
      if (result.invalid) {
        out.error(`${name}: ${unescapeText(format.slice(i - match[0].length), false).text}: invalid format\n`);
        return 1;
      }
      if (result.stop) return status;
    }
    if (next === from) break;
  } while (next < values.length);
  return status;
}

interface Converted {
  readonly text: string;
  readonly bad?: string;
  readonly stop?: boolean;
  readonly invalid?: boolean;
}

function convert(match: RegExpExecArray, take: () => string | undefined): Converted {
  let flags = match[1] ?? '';
  const conversion = match[4] as string;
  if (conversion === '%') return { text: '%' };
  let width = match[2] === '*' ? Number(integer(take() ?? '0').value) : Number(match[2] ?? 0);
  if (width < 0) {
    flags += '-';
    width = -width;
  }
  const dot = match[0].includes('.');
  const precision = !dot ? undefined : match[3] === '*' ? Number(integer(take() ?? '0').value) : Number(match[3] ?? 0);
  const argument = take();
  switch (conversion) {
    case 's':
    case 'b':
    case 'c': {
      const expanded = conversion === 'b' ? unescapeText(argument ?? '', true) : { text: argument ?? '', stop: false };
      let text = expanded.text;
      if (conversion === 'c') text = [...text][0] ?? '';
      else if (precision !== undefined) text = [...text].slice(0, precision).join('');
      return { text: flags.includes('-') ? text.padEnd(width) : text.padStart(width), stop: expanded.stop };
    }
    case 'd':
    case 'i':
    case 'u':
    case 'o':
    case 'x':
    case 'X': {
      const { value, bad } = integer(argument ?? '');
      return { text: formatInteger(value, conversion, flags, width, precision), ...(bad ? { bad: argument ?? '' } : {}) };
    }
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G': {
      const number = argument === undefined || argument === '' ? 0 : Number(argument);
      const bad = Number.isNaN(number);
      return { text: formatFloat(bad ? 0 : number, conversion, flags, width, precision), ...(bad ? { bad: argument ?? '' } : {}) };
    }
    default:
      return { text: '', invalid: true };
  }
}
