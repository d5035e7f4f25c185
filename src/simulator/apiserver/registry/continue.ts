import { utf8Decode, utf8Encode } from '../../kernel';
import { base64UrlDecode, base64UrlEncode } from '../request/base64';
import { badRequest } from '../errors';

/** Where a list goes on: the first key after what was sent, below the list's prefix, and as of which revision (-1: now). */
export interface ContinueToken {
  readonly revision: number;
  readonly start: string;
}

/** Writes a token as the real one does: base64 of a small JSON. */
export const encodeContinue = ({ revision, start }: ContinueToken): string => base64UrlEncode(utf8Encode(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start })));

/** How Go's JSON decoder names the first character that it did not expect. */
function firstCharacter(text: string): string {
  const character = text[0] ?? '';
  const code = character.charCodeAt(0);
  if (code < 0x20 || (code > 0x7e && code < 0xa0)) return `'\\u${code.toString(16).padStart(4, '0')}'`;
  return character === "'" ? "'\\''" : `'${character}'`;
}

const refuse = (problem: string) => badRequest(`invalid continue token: continue key is not valid: ${problem}`);

/** Reads a token. Throws the 400 of one that is none. */
export function decodeContinue(token: string): ContinueToken {
  const bytes = base64UrlDecode(token);
  if (bytes === undefined) throw refuse('illegal base64 data at input byte 0');
  const latin = String.fromCharCode(...bytes.slice(0, 1));
  let value: { v?: unknown; rv?: unknown; start?: unknown };
  try {
    value = JSON.parse(utf8Decode(bytes)) as typeof value;
  } catch {
    throw refuse(bytes.length === 0 ? 'unexpected end of JSON input' : `invalid character ${firstCharacter(latin)} looking for beginning of value`);
  }
  if (typeof value !== 'object' || value === null || value.v !== 'meta.k8s.io/v1') throw refuse(`server does not recognize this encoded version "${String(value?.v ?? '')}"`);
  if (typeof value.start !== 'string' || value.start === '') throw refuse('encoded start key empty (version meta.k8s.io/v1)');
  return { revision: Number(value.rv), start: value.start };
}
