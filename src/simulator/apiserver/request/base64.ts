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
  let length = 0;
  const put = (index: number) => (out[length++] = codes[index] as number);
  for (let i = 0; i < bytes.length; i += 3) {
    const a = bytes[i] as number;
    const b = bytes[i + 1];
    const c = bytes[i + 2];
    put(a >> 2);
    put(((a & 3) << 4) | ((b ?? 0) >> 4));
    if (b !== undefined) put(((b & 15) << 2) | ((c ?? 0) >> 6));
    if (c !== undefined) put(c & 63);
  }
  let text = '';
  for (let at = 0; at < out.length; at += chunk) text += String.fromCharCode(...out.subarray(at, at + chunk));
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
