import { type System, SystemError } from '../../interface';
import { toBytes, toText } from './resp';
import type { Database, Value } from './store';

const magic = 'REDIS0010';

type Stored = readonly [database: number, key: string, expiresAt: number | null, type: Value['type'], data: unknown];

function pack(value: Value): unknown {
  if (value.type === 'string') return value.text;
  if (value.type === 'list') return value.items;
  if (value.type === 'hash') return [...value.fields];
  return value.type === 'set' ? [...value.members] : [...value.scores];
}

function unpack(type: Value['type'], data: unknown): Value {
  if (type === 'string') return { type, text: data as string };
  if (type === 'list') return { type, items: [...(data as string[])] };
  if (type === 'hash') return { type, fields: new Map(data as [string, string][]) };
  return type === 'set' ? { type, members: new Set(data as string[]) } : { type, scores: new Map(data as [string, number][]) };
}

/** Writes a snapshot, replacing the old one at once. Throws SystemError. */
export function writeSnapshot(system: System, path: string, databases: readonly Database[]): void {
  const entries: Stored[] = databases.flatMap((database, index) => database.all().map(([key, { value, expiresAt }]): Stored => [index, key, expiresAt ?? null, value.type, pack(value)]));
  const temporary = path.replace(/[^/]*$/, `temp-${system.pid}.rdb`);
  system.files.writeFile(temporary, toBytes(`${magic}${JSON.stringify({ at: system.now, entries })}`));
  system.files.rename(temporary, path);
}

/** Reads a snapshot into the databases: when it was written and how many keys it held; undefined without one. */
export function readSnapshot(system: System, path: string, databases: readonly Database[]): { readonly at: number; readonly keys: number; readonly expired: number } | 'bad' | undefined {
  let text: string;
  try {
    text = toText(system.files.readFile(path));
  } catch (error) {
    if (error instanceof SystemError && error.code === 'ENOENT') return undefined;
    if (error instanceof SystemError) return 'bad';
    throw error;
  }
  if (!text.startsWith(magic)) return 'bad';
  const { at, entries } = JSON.parse(text.slice(magic.length)) as { at: number; entries: readonly Stored[] };
  let expired = 0;
  for (const [index, key, expiresAt, type, data] of entries) {
    if (expiresAt !== null && expiresAt <= system.now) expired += 1;
    else databases[index]?.set(key, unpack(type, data), expiresAt ?? undefined);
  }
  return { at, keys: entries.length - expired, expired };
}
