import { concatBytes, utf8Decode, utf8Encode } from '../../../kernel';

/** One member of an archive. */
export interface Member {
  readonly path: string;
  readonly type: 'file' | 'folder' | 'other';
  readonly data: Uint8Array;
  /** Permission bits; default 0644, of folders 0755. */
  readonly mode?: number;
}

const block = 512;
const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, '0')}\0`;

function header(path: string, size: number, folder: boolean, time: number, mode: number): Uint8Array {
  const out = new Uint8Array(block);
  const put = (text: string, offset: number) => out.set(utf8Encode(text), offset);
  const name = utf8Encode(path);
  const cut = name.length > 100 ? path.lastIndexOf('/', path.length - 1 - Math.max(0, path.length - 155)) : -1;
  put(cut > 0 ? path.slice(cut + 1) : path, 0);
  put(octal(mode, 8), 100);
  put(octal(0, 8), 108);
  put(octal(0, 8), 116);
  put(octal(size, 12), 124);
  put(octal(time, 12), 136);
  put('        ', 148);
  put(folder ? '5' : '0', 156);
  put('ustar\u000000', 257);
  if (cut > 0) put(path.slice(0, cut), 345);
  const sum = out.reduce((total, byte) => total + byte, 0);
  put(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return out;
}

/** A tar archive (POSIX ustar) of these members. `time` in seconds. */
export function writeTar(members: readonly Member[], time: number): Uint8Array {
  const parts = members.flatMap(({ data, mode, path, type }) => {
    const padded = new Uint8Array(Math.ceil(data.length / block) * block);
    padded.set(data);
    return [header(path, data.length, type === 'folder', time, mode ?? (type === 'folder' ? 0o755 : 0o644)), padded];
  });
  parts.push(new Uint8Array(block * 2));
  return concatBytes(parts);
}

/** The members of a tar archive. */
export function readTar(data: Uint8Array): Member[] {
  const out: Member[] = [];
  let longName: string | undefined;
  for (let at = 0; at + block <= data.length; ) {
    const head = data.subarray(at, at + block);
    if (head[0] === 0) break;
    const text = (from: number, to: number) => utf8Decode(head.subarray(from, to)).replace(/\0.*$/s, '');
    const size = parseInt(text(124, 136).trim() || '0', 8);
    const content = data.subarray(at + block, at + block + size);
    const type = text(156, 157);
    const prefix = text(257, 262) === 'ustar' ? text(345, 500) : '';
    if (type === 'L') longName = utf8Decode(content).replace(/\0.*$/s, '');
    else {
      const path = longName ?? (prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`);
      longName = undefined;
      out.push({ path, type: type === '5' || path.endsWith('/') ? 'folder' : type === '0' || type === '' ? 'file' : 'other', data: content.slice() });
    }
    at += block + Math.ceil(size / block) * block;
  }
  return out;
}
