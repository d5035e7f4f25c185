import { utf8Decode, utf8Encode } from '../../../kernel';
import { base64Encode as toBase64 } from '../../../api';
import type { Context } from '../../command';
import { CommandError } from '../../errors';
import type { Fields } from '../../fields';
import { flag, type FlagDefinition } from '../../flags';
import { systemMessage } from '../../resources/read-files';

/** The flags of what goes into a ConfigMap or Secret. */
export const dataFlags: readonly FlagDefinition[] = [
  flag('--append-hash=false', 'Append a hash of the content to the name.'),
  flag('--from-env-file=[]', 'File with lines key=value.'),
  flag('--from-file=[]', 'File, or key=file, or a folder of files.'),
  flag('--from-literal=[]', 'key=value.', { kind: 'list' }),
];

const keyForm = /^[-._a-zA-Z0-9]+$/;

/** The entries that --from-literal, --from-file and --from-env-file give, as bytes. */
export function collectData(context: Context, kind: 'ConfigMap' | 'Secret', name: string): Map<string, Uint8Array> {
  const { flags, session } = context;
  const { files } = session.host;
  const entries = new Map<string, Uint8Array>();
  const add = (key: string, value: Uint8Array): void => {
    if (!keyForm.test(key) || key === '.' || key === '..' || key.startsWith('..')) throw new CommandError(badKey(key, kind));
    if (entries.has(key)) throw new CommandError(`cannot add key ${JSON.stringify(key)}, another key by that name already exists in Data for ${kind} ${JSON.stringify(name)}`);
    entries.set(key, value);
  };
  const read = (path: string): Uint8Array => {
    try {
      return files.read(path);
    } catch (error) {
      throw new CommandError(`error reading ${path}: ${systemMessage(error)}`);
    }
  };
  if (flags.list('from-env-file').length > 0 && (flags.list('from-file').length > 0 || flags.list('from-literal').length > 0)) throw new CommandError('from-env-file cannot be combined with from-file or from-literal');
  for (const literal of flags.has('from-literal') ? flags.list('from-literal') : []) {
    const equals = literal.indexOf('=');
    if (equals <= 0) throw new CommandError(`invalid literal source ${literal}, expected key=value`);
    add(literal.slice(0, equals), utf8Encode(literal.slice(equals + 1).replace(/^(['"])(.*)\1$/s, '$2')));
  }
  for (const source of flags.list('from-file')) {
    const { key, path } = fileSource(source);
    if (files.kind(path) === 'folder') {
      if (key !== undefined) throw new CommandError('cannot give a key name for a directory path');
      for (const file of files.list(path)) if (files.kind(`${path}/${file}`) === 'file' && keyForm.test(file)) add(file, read(`${path}/${file}`));
    } else add(key ?? path.slice(path.lastIndexOf('/') + 1), read(path));
  }
  for (const path of flags.has('from-env-file') ? flags.list('from-env-file') : []) {
    for (const [key, value] of envLines(utf8Decode(read(path)), session.host.env)) add(key, utf8Encode(value));
  }
  return entries;
}

function badKey(key: string, kind: string): string {
  const reason = key === '.' ? "must not be '.'" : key === '..' ? "must not be '..'" : key.startsWith('..') ? "must not start with '..'" : "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
  return `${JSON.stringify(key)} is not a valid key name for a ${kind}: ${reason}`;
}

function fileSource(source: string): { key: string | undefined; path: string } {
  const parts = source.split('=');
  if (parts.length === 1) return { key: undefined, path: source };
  if (parts.length > 2) throw new CommandError("key names or file paths cannot contain '='");
  const [key = '', path = ''] = parts;
  if (key === '') throw new CommandError(`key name for file path ${path} missing`);
  if (path === '') throw new CommandError(`file path for key name ${key} missing`);
  return { key, path };
}

/** Lines of key=value; a key alone takes its value from the environment. */
export function envLines(text: string, env: Readonly<Record<string, string | undefined>>): [string, string][] {
  const out: [string, string][] = [];
  for (const line of text.split(/\r?\n/)) {
    const trimmed = line.trimStart();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const equals = trimmed.indexOf('=');
    const key = equals < 0 ? trimmed : trimmed.slice(0, equals);
    if (!/^[-._a-zA-Z0-9]+$/.test(key)) throw new CommandError(`${JSON.stringify(key)} is not a valid key name: a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')`);
    if (equals >= 0) out.push([key, trimmed.slice(equals + 1)]);
    else if (env[key] !== undefined) out.push([key, env[key] ?? '']);
  }
  return out;
}

/** Whether the bytes are text: only then they go into data, else into binaryData. */
function isUtf8(bytes: Uint8Array): boolean {
  return !utf8Decode(bytes).includes('\ufffd');
}

/** data and binaryData of a ConfigMap, keys sorted. */
export function configMapData(entries: ReadonlyMap<string, Uint8Array>): Fields {
  const data: Record<string, string> = {};
  const binaryData: Record<string, string> = {};
  for (const [key, bytes] of entries) {
    if (isUtf8(bytes)) data[key] = utf8Decode(bytes);
    else binaryData[key] = toBase64(bytes);
  }
  return { ...(Object.keys(data).length > 0 && { data }), ...(Object.keys(binaryData).length > 0 && { binaryData }) };
}

/** data of a Secret. */
export function secretData(entries: ReadonlyMap<string, Uint8Array>): Fields {
  return entries.size === 0 ? {} : { data: Object.fromEntries([...entries].map(([key, bytes]) => [key, toBase64(bytes)])) };
}
