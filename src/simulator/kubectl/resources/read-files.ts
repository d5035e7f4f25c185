import { CommandError } from '../errors';
import type { HostFiles, Input } from '../host';
import { concatBytes, type Task, utf8Decode } from '../../kernel';

/** The text of a file on the command line and what messages call it. */
export interface SourceText {
  readonly source: string;
  readonly text: string;
}

/** Reads everything that stdin has. */
export function* readAll(input: Input): Task<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (let chunk = yield* input.read(); chunk; chunk = yield* input.read()) chunks.push(chunk);
  return concatBytes(chunks);
}

const extensions = ['.json', '.yaml', '.yml'];
const isManifest = (name: string): boolean => extensions.some((extension) => name.endsWith(extension));

function filesIn(files: HostFiles, folder: string, recursive: boolean): string[] {
  return [...files.list(folder)].sort().flatMap((name) => {
    const path = folder.endsWith('/') ? `${folder}${name}` : `${folder}/${name}`;
    if (files.kind(path) === 'folder') return recursive ? filesIn(files, path, recursive) : [];
    return isManifest(name) ? [path] : [];
  });
}

const cleaned = (path: string): string => (path === '' ? '' : path.replace(/\/+/g, '/').replace(/(?<=.)\/$/, '').replace(/^(\.\/)+(?=.)/, ''));

/** Why a file cannot be read, as Go says it. */
export function systemMessage(error: unknown): string {
  const texts: Readonly<Record<string, string>> = { ENOENT: 'no such file or directory', EACCES: 'permission denied', EISDIR: 'is a directory', ENOTDIR: 'not a directory', EROFS: 'read-only file system' };
  const code = (error as { readonly code?: unknown }).code;
  return (typeof code === 'string' ? texts[code] : undefined) ?? (error instanceof Error ? error.message : String(error));
}

/** Reads one file; throws a CommandError `open x: no such file or directory`. */
export function readFile(files: HostFiles, path: string): Uint8Array {
  try {
    return files.read(path);
  } catch (error) {
    const what = (error as { readonly code?: unknown }).code === 'EISDIR' ? 'read' : 'open';
    throw new CommandError(`${what} ${path}: ${systemMessage(error)}`);
  }
}

/** The texts behind -f: files, folders, - for stdin. Throws for paths that are not there. */
export function* readSources(files: HostFiles, stdin: Input, names: readonly string[], recursive: boolean): Task<SourceText[]> {
  const out: SourceText[] = [];
  for (const name of names) {
    if (name === '-') {
      out.push({ source: 'STDIN', text: utf8Decode(yield* readAll(stdin)) });
      continue;
    }
    if (/^https?:\/\//.test(name)) throw new CommandError(`unable to read URL ${JSON.stringify(name)}, server could not be reached`);
    const kind = files.kind(name);
    if (kind === undefined) throw new CommandError(`the path ${JSON.stringify(name)} does not exist`);
    if (kind === 'file') out.push({ source: name, text: utf8Decode(readFile(files, name)) });
    else {
      const found = filesIn(files, cleaned(name), recursive);
      if (found.length === 0) throw new CommandError(`error reading [${name}]: recognized file extensions are [.json .yaml .yml]`);
      for (const path of found) out.push({ source: path, text: utf8Decode(readFile(files, path)) });
    }
  }
  return out;
}
