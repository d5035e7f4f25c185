import { utf8Encode } from '../../kernel';

const simple: Readonly<Record<string, string>> = { a: '\x07', b: '\b', e: '\x1b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\' };

/** Bytes above 127 that \\0nnn and \\xhh make stand as characters from U+F780 on, until they are written. */
const rawByte = 0xf700;

function character(code: number): string {
  const byte = code & 0xff;
  return String.fromCharCode(byte < 0x80 ? byte : rawByte + byte);
}

/** Whether a text holds bytes that are not yet characters. */
export const hasRawBytes = (text: string): boolean => /[\uf780-\uf7ff]/.test(text);

/** The bytes of a text with raw bytes in it. */
export function rawBytesOf(text: string): Uint8Array {
  const parts: number[] = [];
  for (const piece of text.split(/([\uf780-\uf7ff])/)) {
    if (hasRawBytes(piece)) parts.push(piece.charCodeAt(0) - rawByte);
    else for (const byte of utf8Encode(piece)) parts.push(byte);
  }
  return Uint8Array.from(parts);
}

/** Backslash sequences as echo -e (`zero`: octal needs a 0 in front) or printf's format has them. `stop`: \c was met. */
export function unescapeText(text: string, zero: boolean): { text: string; stop: boolean } {
  if (!text.includes('\\')) return { text, stop: false };
  let out = '';
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if (c !== '\\' || i + 1 >= text.length) {
      out += c;
      continue;
    }
    const rest = text.slice(i + 1, i + 6);
    if (rest.startsWith('c')) return { text: out, stop: true };
    const octal = (zero ? /^0([0-7]{0,3})/ : /^([0-7]{1,3})/).exec(rest);
    const hex = /^x([0-9a-fA-F]{1,2})/.exec(rest);
    if (octal) {
      out += character(parseInt(octal[1] || '0', 8));
      i += octal[0].length;
    } else if (hex) {
      out += character(parseInt(hex[1] as string, 16));
      i += hex[0].length;
    } else {
      const known = simple[rest[0] as string];
      out += known ?? `\\${rest[0] as string}`;
      i += 1;
    }
  }
  return { text: out, stop: false };
}
