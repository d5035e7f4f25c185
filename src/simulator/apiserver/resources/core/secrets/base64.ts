import { utf8Encode } from '../../../../kernel';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** A text's bytes in base64 (RFC 4648). */
export function base64Of(text: string): string {
  const bytes = utf8Encode(text);
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b, c] = bytes.subarray(i, i + 3);
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    out += `${alphabet[bits >> 18] ?? ''}${alphabet[(bits >> 12) & 63] ?? ''}${b === undefined ? '=' : (alphabet[(bits >> 6) & 63] ?? '')}${c === undefined ? '=' : (alphabet[bits & 63] ?? '')}`;
  }
  return out;
}

/** The bytes that a base64 text stands for; what is not of the alphabet is passed over. */
export function bytesOf(text: string): Uint8Array {
  const out: number[] = [];
  let bits = 0;
  let count = 0;
  for (const character of text) {
    const value = alphabet.indexOf(character);
    if (value < 0) continue;
    bits = ((bits << 6) | value) & 0xffffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      out.push((bits >> count) & 0xff);
    }
  }
  return Uint8Array.from(out);
}
