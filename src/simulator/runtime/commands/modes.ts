import type { FileStatus } from '../interface';

const typeLetters: Readonly<Record<FileStatus['type'], string>> = { file: '-', folder: 'd', symlink: 'l', fifo: 'p', device: 'c', socket: 's' };
const typeBits: Readonly<Record<FileStatus['type'], number>> = { file: 0o100000, folder: 0o040000, symlink: 0o120000, fifo: 0o010000, device: 0o020000, socket: 0o140000 };

/** A mode with the bits of the file's type, as stat's %f shows it. */
export const rawMode = (status: FileStatus): number => (typeBits[status.type]) | status.mode;

/** drwxr-xr-x */
export function modeText(status: FileStatus): string {
  let text = typeLetters[status.type];
  for (let shift = 6; shift >= 0; shift -= 3) {
    const bits = status.mode >> shift;
    text += `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}`;
    const extra = shift === 6 ? status.mode & 0o4000 : shift === 3 ? status.mode & 0o2000 : status.mode & 0o1000;
    const letter = shift === 0 ? 't' : 's';
    text += extra ? (bits & 1 ? letter : letter.toUpperCase()) : bits & 1 ? 'x' : '-';
  }
  return text;
}

/** A mode as chmod takes it, octal or symbolic; undefined if it is none. */
export function parseMode(text: string, before: number, isFolder: boolean, umask = 0): number | undefined {
  if (/^[0-7]+$/.test(text)) return parseInt(text, 8) > 0o7777 ? undefined : parseInt(text, 8);
  let mode = before;
  for (const clause of text.split(',')) {
    const match = /^([ugoa]*)((?:[-+=][rwxXst]*|[-+=][ugo])+)$/.exec(clause);
    if (!match) return undefined;
    const who = match[1] === '' ? 'a' : (match[1] as string);
    const masked = match[1] === '' ? ~umask : 0o7777;
    for (const [, operator, letters = ''] of (match[2] as string).matchAll(/([-+=])([rwxXst]*|[ugo])/g)) {
      const bits = bitsFor(who, letters, mode, isFolder) & masked;
      const all = maskFor(who);
      if (operator === '+') mode |= bits;
      else if (operator === '-') mode &= ~bits;
      else mode = (mode & ~all) | bits;
    }
  }
  return mode;
}

function maskFor(who: string): number {
  if (who.includes('a')) return 0o7777;
  return (who.includes('u') ? 0o4700 : 0) | (who.includes('g') ? 0o2070 : 0) | (who.includes('o') ? 0o1007 : 0);
}

function bitsFor(who: string, letters: string, mode: number, isFolder: boolean): number {
  let three = 0;
  let extra = 0;
  for (const letter of letters) {
    if (letter === 'r') three |= 4;
    else if (letter === 'w') three |= 2;
    else if (letter === 'x' || (letter === 'X' && (isFolder || (mode & 0o111) !== 0))) three |= 1;
    else if (letter === 's') extra |= 0o6000;
    else if (letter === 't') extra |= 0o1000;
    else if (letter === 'u') three |= (mode >> 6) & 7;
    else if (letter === 'g') three |= (mode >> 3) & 7;
    else if (letter === 'o') three |= mode & 7;
  }
  return ((three << 6) | (three << 3) | three | extra) & (maskFor(who) | (extra & 0o1000));
}

const units = ['', 'K', 'M', 'G', 'T'];

/** A size as -h shows it: 1.5K, 12M. */
export function humanSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  if (unit === 0) return String(bytes);
  const rounded = Math.round(value * 10) / 10;
  return `${rounded < 10 || unit > 0 ? rounded.toFixed(1) : Math.round(value)}${units[unit] as string}`;
}
