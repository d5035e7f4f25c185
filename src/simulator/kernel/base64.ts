const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const clean = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const codes = new Map([...alphabet].map((char, index) => [char, index]));

/** Base64 without line breaks; or the index at which Go's decoder gives up. */
export function normaliseBase64(input: string): { text: string; errorAt?: number } {
  if (clean.test(input)) return { text: input };
  let text = '';
  let quantum = 0;
  let start = 0;
  for (let at = 0; at < input.length; at++) {
    const char = input[at] as string;
    if (char === '\n' || char === '\r') continue;
    if (char === '=') {
      const needed = quantum === 2 ? 2 : quantum === 3 ? 1 : 0;
      if (needed === 0) return { text, errorAt: at };
      const rest = input.slice(at).replace(/[\r\n]/g, '');
      if (!rest.startsWith('='.repeat(needed))) return { text, errorAt: input.length };
      if (rest.length > needed) return { text, errorAt: input.length - rest.length + needed };
      return { text: text + '='.repeat(needed) };
    }
    if (!codes.has(char)) return { text, errorAt: at };
    if (quantum === 0) start = at;
    quantum = (quantum + 1) % 4;
    text += char;
  }
  return quantum === 0 ? { text } : { text, errorAt: start };
}

/** The bytes of base64 text. */
export function base64Decode(text: string): Uint8Array {
  const digits = text.replace(/[=\r\n]/g, '');
  const out = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const char of digits) {
    bits = ((bits << 6) | (codes.get(char) ?? 0)) & 0xffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      out[at++] = (bits >> held) & 0xff;
    }
  }
  return out;
}

/** Base64 text of bytes, padded. */
export function base64Encode(bytes: Uint8Array): string {
  let out = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b = 0, c = 0] = [bytes[at], bytes[at + 1], bytes[at + 2]];
    const bits = (a << 16) | (b << 8) | c;
    out += (alphabet[bits >> 18] as string) + (alphabet[(bits >> 12) & 63] as string);
    out += at + 1 < bytes.length ? alphabet[(bits >> 6) & 63] : '=';
    out += at + 2 < bytes.length ? alphabet[bits & 63] : '=';
  }
  return out;
}
