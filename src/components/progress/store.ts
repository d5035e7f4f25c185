import type { Files } from '../bench/protocol';

/** What is kept of one lab. */
export interface LabProgress {
  /** The learner's files, once they differ from the lab's. */
  readonly files?: Files;
  /** How many hints were asked for. */
  readonly hints?: number;
  /** When the lab was first passed, RFC 3339. */
  readonly stampedAt?: string;
}

export interface Progress {
  readonly version: 1;
  readonly labs: Readonly<Record<string, LabProgress>>;
}

const key = 'kube-dojang:progress:v1';
const empty: Progress = { version: 1, labs: {} };
const listeners = new Set<() => void>();
let current: Progress | undefined;
let refused = false;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function labProgressOf(value: unknown): LabProgress | undefined {
  if (!isRecord(value)) return undefined;
  const { files, hints, stampedAt } = value;
  const texts = isRecord(files) ? Object.entries(files).filter((entry): entry is [string, string] => typeof entry[1] === 'string') : undefined;
  return {
    ...(texts === undefined ? {} : { files: Object.fromEntries(texts) }),
    ...(typeof hints === 'number' && Number.isInteger(hints) && hints >= 0 ? { hints } : {}),
    ...(typeof stampedAt === 'string' && !Number.isNaN(Date.parse(stampedAt)) ? { stampedAt } : {}),
  };
}

/** Progress from text that may have been written by an older or newer course, or by hand; undefined when it is not progress. */
export function parseProgress(text: string): Progress | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || value['version'] !== 1 || !isRecord(value['labs'])) return undefined;
  const labs = Object.entries(value['labs']).flatMap(([id, lab]) => {
    const known = labProgressOf(lab);
    return known === undefined ? [] : [[id, known] as const];
  });
  return { version: 1, labs: Object.fromEntries(labs) };
}

function load(): Progress {
  if (typeof window === 'undefined') return empty;
  try {
    return parseProgress(window.localStorage.getItem(key) ?? '') ?? empty;
  } catch {
    refused = true;
    return empty;
  }
}

function changed(): void {
  for (const listener of listeners) listener();
}

function save(progress: Progress): void {
  current = progress;
  try {
    window.localStorage.setItem(key, JSON.stringify(progress));
    refused = false;
  } catch {
    refused = true;
  }
  changed();
}

/** Everything the reader has done, as this browser keeps it. */
export function readProgress(): Progress {
  current ??= load();
  return current;
}

/** True when the browser refused to keep something. */
export const storageRefused = (): boolean => refused;

/** Changes what is kept of one lab. */
export function updateLab(id: string, change: (lab: LabProgress) => LabProgress): void {
  const progress = readProgress();
  save({ ...progress, labs: { ...progress.labs, [id]: change(progress.labs[id] ?? {}) } });
}

/** Adds progress from elsewhere: what is imported wins, but no stamp is ever lost. */
export function mergeProgress(imported: Progress): void {
  const progress = readProgress();
  const labs = Object.entries(imported.labs).map(([id, lab]) => {
    const stampedAt = lab.stampedAt ?? progress.labs[id]?.stampedAt;
    return [id, { ...progress.labs[id], ...lab, ...(stampedAt === undefined ? {} : { stampedAt }) }] as const;
  });
  save({ ...progress, labs: { ...progress.labs, ...Object.fromEntries(labs) } });
}

function otherTab(event: StorageEvent): void {
  if (event.key !== key && event.key !== null) return;
  current = undefined;
  changed();
}

/** Told of every change, also of those in other tabs. */
export function subscribeProgress(listener: () => void): () => void {
  if (listeners.size === 0) window.addEventListener('storage', otherTab);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.removeEventListener('storage', otherTab);
  };
}

export const noProgress = empty;
