import { headerOf } from '../../../network';
import { utf8Encode } from '../../../kernel';
import { type FileStatus, SystemError } from '../../interface';
import { type Answer, type Exchange, expand } from './exchange';
import { fileTag, folderPage, lastModified } from './pages';

/** What the content phase wants next. */
export type Outcome = { readonly answer: Answer } | { readonly status: number; readonly redirect?: string } | { readonly internal: string };

const numbers: Readonly<Record<string, string>> = { ENOENT: '2: No such file or directory', EACCES: '13: Permission denied', ENOTDIR: '20: Not a directory', ELOOP: '40: Too many symbolic links encountered', EISDIR: '21: Is a directory' };

/** The text that nginx puts after a failed call. */
export const systemText = (code: string): string => numbers[code] ?? code;

/** Where a URI lies in the file system. */
export function pathOf(exchange: Exchange, uri = exchange.uri): string {
  const { settings, location } = exchange;
  if (settings.alias === undefined || !location) return expand(exchange, settings.root).replace(/\/$/, '') + uri;
  const alias = expand(exchange, settings.alias);
  return location.match.kind === 'regex' ? alias : alias + uri.slice(location.match.text.length);
}

/** stat(), or the code that it fails with. */
export function statusOf({ system }: Exchange, path: string): FileStatus | string {
  try {
    return system.files.status(path);
  } catch (error) {
    if (error instanceof SystemError) return error.code;
    throw error;
  }
}

/** Workers do not run as root: what others may not read is closed to them. */
function readable({ system, configuration }: Exchange, { mode, uid }: FileStatus): boolean {
  if (system.uid !== 0 || configuration.user === 'root') return true;
  return uid === 101 ? (mode & 0o400) !== 0 : (mode & 0o004) !== 0;
}

/** Files, folders with their index, listings. */
export function serveFile(exchange: Exchange): Outcome {
  const { uri, settings, request, logError } = exchange;
  if (!['GET', 'HEAD'].includes(request.method)) return { status: request.method === 'POST' || uri.endsWith('/') || request.method !== 'OPTIONS' ? 405 : 405 };
  if (uri.endsWith('/')) return serveFolder(exchange);
  const path = pathOf(exchange);
  const status = statusOf(exchange, path);
  if (typeof status === 'string') {
    const missing = status === 'ENOENT' || status === 'ENOTDIR' || status === 'ELOOP';
    if (!missing || settings.logNotFound) logError('error', `open() "${path}" failed (${systemText(status)})`);
    return { status: missing ? 404 : status === 'EACCES' ? 403 : 500 };
  }
  if (status.type === 'folder') return { status: 301, redirect: `${encodeURI(uri)}/${exchange.query === '' ? '' : `?${exchange.query}`}` };
  if (status.type !== 'file') return { status: 404 };
  if (!readable(exchange, status)) {
    logError('error', `open() "${path}" failed (${systemText('EACCES')})`);
    return { status: 403 };
  }
  return { answer: fileAnswer(exchange, path, status) };
}

function serveFolder(exchange: Exchange): Outcome {
  const { settings, logError, uri } = exchange;
  const folder = pathOf(exchange);
  const there = statusOf(exchange, folder);
  for (const raw of settings.index) {
    const name = expand(exchange, raw);
    const target = name.startsWith('/') ? pathOf({ ...exchange, uri: name } as Exchange, name) : folder + name;
    const status = statusOf(exchange, target);
    if (typeof status === 'string') {
      if (status === 'EACCES') {
        logError('error', `"${target}" is forbidden (${systemText(status)})`);
        return { status: 403 };
      }
      if (typeof there === 'string' && there !== 'EACCES') {
        if (settings.logNotFound) logError('error', `"${target}" is not found (${systemText(status)})`);
        return { status: 404 };
      }
      continue;
    }
    return { internal: name.startsWith('/') ? name : uri + name };
  }
  if (!settings.autoindex) {
    logError('error', `directory index of "${folder}" is forbidden`);
    return { status: 403 };
  }
  const entries = exchange.system.files.list(folder).filter((name) => !name.startsWith('.')).flatMap((name) => {
    const status = statusOf(exchange, folder + name);
    return typeof status === 'string' ? [] : [{ name, folder: status.type === 'folder', size: status.size, modifiedAt: status.modifiedAt }];
  });
  return { answer: { status: 200, headers: [], type: 'text/html', body: utf8Encode(folderPage(uri, entries)) } };
}

/** The type for a path's extension. */
export function typeOf({ settings }: Exchange, path: string): string {
  const extension = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase();
  const type = (extension === undefined ? undefined : settings.types.get(extension)) ?? settings.defaultType;
  return settings.charset !== undefined && /^(text\/(html|xml|plain)|application\/(javascript|rss\+xml))/.test(type) ? `${type}; charset=${settings.charset}` : type;
}

function fileAnswer(exchange: Exchange, path: string, status: FileStatus): Answer {
  const { request, system } = exchange;
  const tag = fileTag(status.modifiedAt, status.size);
  const modified = lastModified(status.modifiedAt);
  const none = headerOf(request.headers, 'if-none-match');
  const since = headerOf(request.headers, 'if-modified-since');
  if (none !== undefined ? none.split(/,\s*/).some((one) => one === tag || one === `W/${tag}` || one === '*') : since === modified)
    return { status: 304, headers: [['ETag', tag]], body: new Uint8Array(0), lastModified: modified };
  const data = system.files.readFile(path);
  const base = { type: typeOf(exchange, path), lastModified: modified };
  const range = /^bytes=(\d*)-(\d*)$/.exec(headerOf(request.headers, 'range') ?? '');
  if (range && (range[1] !== '' || range[2] !== '')) {
    const first = range[1] === '' ? Math.max(0, data.length - Number(range[2])) : Number(range[1]);
    const last = range[1] === '' || range[2] === '' ? data.length - 1 : Math.min(Number(range[2]), data.length - 1);
    if (first > last) return { status: 416, headers: [['Content-Range', `bytes */${data.length}`]], body: new Uint8Array(0) };
    return { ...base, status: 206, headers: [['ETag', tag], ['Content-Range', `bytes ${first}-${last}/${data.length}`]], body: data.subarray(first, last + 1) };
  }
  return { ...base, status: 200, headers: [['ETag', tag], ['Accept-Ranges', 'bytes']], body: data };
}
