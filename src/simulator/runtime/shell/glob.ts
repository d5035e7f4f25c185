import { SystemError } from '../interface';
import type { FileSystemView } from '../files/view';
import { isPattern, patternSource } from './pattern';

const unescape = (text: string): string => text.replace(/\\(.)/gs, '$1');

/** The paths that a pattern (backslash protects) matches, sorted; none if it matches nothing. */
export function glob(files: FileSystemView, cwd: string, pattern: string): string[] {
  const absolute = pattern.startsWith('/');
  const pieces = pattern.split('/');
  let found = [absolute ? '/' : ''];
  for (const [index, piece] of pieces.entries()) {
    const last = index === pieces.length - 1;
    if (piece === '') {
      if (last && index > 0) found = found.map((path) => (path.endsWith('/') ? path : `${path}/`));
      continue;
    }
    const next: string[] = [];
    for (const base of found) {
      const prefix = base === '' || base.endsWith('/') ? base : `${base}/`;
      if (!isPattern(piece)) {
        const path = prefix + unescape(piece);
        if (existsWithoutFollowing(files, path)) next.push(path);
        continue;
      }
      const expression = new RegExp(`^${patternSource(piece)}$`, 'u');
      for (const name of entries(files, prefix === '' ? cwd : prefix, piece.startsWith('.'))) {
        if (!expression.test(name)) continue;
        const path = prefix + name;
        if (last || isFolder(files, path)) next.push(path);
      }
    }
    found = next;
  }
  return found.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function entries(files: FileSystemView, folder: string, hidden: boolean): readonly string[] {
  try {
    const names = files.list(folder);
    return hidden ? ['.', '..', ...names.filter((name) => name.startsWith('.'))] : names.filter((name) => !name.startsWith('.'));
  } catch (error) {
    if (error instanceof SystemError) return [];
    throw error;
  }
}

function existsWithoutFollowing(files: FileSystemView, path: string): boolean {
  try {
    return files.place(path, false).inode !== undefined;
  } catch (error) {
    if (error instanceof SystemError) return false;
    throw error;
  }
}

function isFolder(files: FileSystemView, path: string): boolean {
  try {
    return files.status(path).type === 'folder';
  } catch (error) {
    if (error instanceof SystemError) return false;
    throw error;
  }
}
