/** UTF-8 bytes of a text; lone surrogates become U+FFFD, as every encoder does. */
export function utf8Encode(text: string): Uint8Array {
  // Most texts are ASCII: a byte for a character, as long as that holds.
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x80) return encodeAll(text);
    bytes[i] = code;
  }
  return bytes;
}

function encodeAll(text: string): Uint8Array {
  const out = new Uint8Array(text.length * 3);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    let code = text.codePointAt(i) as number;
    if (code > 0xffff) i += 1;
    else if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
    if (code < 0x80) out[length++] = code;
    else if (code < 0x800) {
      out[length++] = 0xc0 | (code >> 6);
      out[length++] = 0x80 | (code & 0x3f);
    } else if (code < 0x10000) {
      out[length++] = 0xe0 | (code >> 12);
      out[length++] = 0x80 | ((code >> 6) & 0x3f);
      out[length++] = 0x80 | (code & 0x3f);
    } else {
      out[length++] = 0xf0 | (code >> 18);
      out[length++] = 0x80 | ((code >> 12) & 0x3f);
      out[length++] = 0x80 | ((code >> 6) & 0x3f);
      out[length++] = 0x80 | (code & 0x3f);
    }
  }
  return out.slice(0, length);
}

const chunk = 8192;

/** The text of UTF-8 bytes; what is not UTF-8 becomes U+FFFD. */
export function utf8Decode(bytes: Uint8Array): string {
  for (let i = 0; i < bytes.length; i++) if ((bytes[i] as number) >= 0x80) return decodeAll(bytes);
  let out = '';
  for (let i = 0; i < bytes.length; i += chunk) out += String.fromCharCode.apply(null, bytes.subarray(i, i + chunk) as unknown as number[]); // a spread would be ten times slower
  return out;
}

function decodeAll(bytes: Uint8Array): string {
  let out = '';
  let units: number[] = [];
  const flush = () => {
    out += String.fromCharCode(...units);
    units = [];
  };
  for (let i = 0; i < bytes.length; ) {
    if (units.length >= chunk) flush();
    const { code, length } = decodeOne(bytes, i);
    i += length;
    if (code > 0xffff) units.push(0xd800 + ((code - 0x10000) >> 10), 0xdc00 + ((code - 0x10000) & 0x3ff));
    else units.push(code);
  }
  flush();
  return out;
}

const minimums = [0, 0x80, 0x800, 0x10000];

function decodeOne(bytes: Uint8Array, index: number): { code: number; length: number } {
  const first = bytes[index] as number;
  if (first < 0x80) return { code: first, length: 1 };
  const more = first >= 0xf0 && first < 0xf5 ? 3 : first >= 0xe0 ? 2 : first >= 0xc2 ? 1 : 0;
  if (more === 0 || first >= 0xf5) return { code: 0xfffd, length: 1 };
  let code = first & (0x3f >> more);
  for (let i = 1; i <= more; i++) {
    const next = bytes[index + i];
    if (next === undefined || (next & 0xc0) !== 0x80) return { code: 0xfffd, length: i };
    code = (code << 6) | (next & 0x3f);
  }
  const valid = code >= (minimums[more] as number) && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return { code: valid ? code : 0xfffd, length: more + 1 };
}
