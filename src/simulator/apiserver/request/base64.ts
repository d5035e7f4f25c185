const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const values = new Map([...alphabet].map((character, index) => [character, index] as const));
values.set('+', 62);
values.set('/', 63);

const codes = Uint8Array.from(alphabet, (character) => character.charCodeAt(0));
/** How many characters are made at once: fewer than a call may have arguments. */
const chunk = 8192;

/** Base64 with the URL alphabet and no padding (RFC 4648 §5). */
export function base64UrlEncode(bytes: Uint8Array): string {
  const out = new Uint8Array(Math.ceil((bytes.length * 4) / 3));
  const at = (index: number): number => bytes[index] ?? 0;
  for (let from = 0, to = 0; from < bytes.length; from += 3, to += 4) {
    const three = (at(from) << 16) | (at(from + 1) << 8) | at(from + 2);
    // What lies beyond the end of `out`, in the last round, is dropped.
    for (let digit = 0; digit < 4; digit++) out[to + digit] = codes[(three >> (18 - 6 * digit)) & 63] as number;
  }
  let text = '';
  // Not spread: that would walk an iterator.
  for (let from = 0; from < out.length; from += chunk) text += String.fromCharCode.apply(null, out.subarray(from, from + chunk) as unknown as number[]);
  return text;
}

/** The bytes of base64 in either alphabet, padded or not; undefined if it is none. */
export function base64UrlDecode(text: string): Uint8Array | undefined {
  const digits = text.replace(/=+$/, '');
  if (digits.length % 4 === 1) return undefined;
  const out = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let bits = 0;
  let count = 0;
  let length = 0;
  for (const character of digits) {
    const value = values.get(character);
    if (value === undefined) return undefined;
    bits = (bits << 6) | value;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out[length++] = (bits >> count) & 0xff;
  }
  return out;
}
