const simple: Readonly<Record<string, string>> = { a: '\x07', b: '\b', e: '\x1b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\' };

/** Bytes above 127 that \0nnn and \xhh make, joined so that UTF-8 sequences become their characters. */
function character(code: number): string {
  return String.fromCharCode(code & 0xff);
}

/** Turns runs of byte characters (from \xhh) into what they are in UTF-8. */
function joinBytes(text: string): string {
  return /[\x80-\xff]{2}/.test(text)
    ? text.replace(/[\xc2-\xf4][\x80-\xbf]{1,3}/g, (sequence) => {
        try {
          return decodeURIComponent([...sequence].map((c) => `%${c.charCodeAt(0).toString(16)}`).join(''));
        } catch {
          return sequence;
        }
      })
    : text;
}

/** Backslash sequences as echo -e (`zero`: octal needs a 0 in front) or printf's format has them. `stop`: \c was met. */
export function unescapeText(text: string, zero: boolean): { text: string; stop: boolean } {
  if (!text.includes('\\')) return { text, stop: false };
  let out = '';
  let coded = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if (c !== '\\' || i + 1 >= text.length) {
      out += c;
      continue;
    }
    const rest = text.slice(i + 1, i + 6);
    if (rest.startsWith('c')) return { text: coded ? joinBytes(out) : out, stop: true };
    const octal = (zero ? /^0([0-7]{0,3})/ : /^([0-7]{1,3})/).exec(rest);
    const hex = /^x([0-9a-fA-F]{1,2})/.exec(rest);
    if (octal) {
      out += character(parseInt(octal[1] || '0', 8));
      coded = true;
      i += octal[0].length;
    } else if (hex) {
      out += character(parseInt(hex[1] as string, 16));
      coded = true;
      i += hex[0].length;
    } else {
      const known = simple[rest[0] as string];
      out += known ?? `\\${rest[0] as string}`;
      i += 1;
    }
  }
  return { text: coded ? joinBytes(out) : out, stop: false };
}
