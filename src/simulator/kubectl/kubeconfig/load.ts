import { parse } from 'yaml';
import { utf8Decode } from '../../kernel';
import { CommandError } from '../errors';
import { isFields, textAt, type Fields } from '../fields';
import type { HostFiles } from '../host';

/** A named entry of clusters, contexts or users, and the file that it came from. */
export interface Stanza {
  readonly name: string;
  readonly value: Fields;
  readonly file: string;
}

/** One or several kubeconfig files as one. The first file that says something wins. */
export interface Kubeconfig {
  readonly clusters: readonly Stanza[];
  readonly contexts: readonly Stanza[];
  readonly users: readonly Stanza[];
  readonly currentContext: string;
  /** Anything else at the top level. */
  readonly preferences: Fields | undefined;
  /** The files that were looked at, in order; the ones that exist first told by `existing`. */
  readonly files: readonly string[];
  readonly existing: readonly string[];
}

/** The files that make up the configuration: --kubeconfig, $KUBECONFIG, ~/.kube/config. */
export function kubeconfigFiles(explicit: string, env: Readonly<Record<string, string | undefined>>): { files: string[]; explicit: boolean } {
  if (explicit !== '') return { files: [explicit], explicit: true };
  const listed = (env['KUBECONFIG'] ?? '').split(':').filter((file) => file !== '');
  if (listed.length > 0) return { files: [...new Set(listed)], explicit: false };
  return { files: [`${env['HOME'] ?? ''}/.kube/config`], explicit: false };
}

/** One file as plain data; undefined when it is not there. */
export function readKubeconfigFile(files: HostFiles, path: string): Fields | undefined {
  if (files.kind(path) !== 'file') return undefined;
  let data: unknown;
  try {
    data = parse(utf8Decode(files.read(path)), { version: '1.1', merge: true });
  } catch (error) {
    throw new CommandError(`error loading config file "${path}": ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`);
  }
  if (data === null || data === undefined) return {};
  if (!isFields(data)) throw new CommandError(`error loading config file "${path}": couldn't get version/kind; json parse error: json: cannot unmarshal string into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`);
  return data;
}

const sections = [['clusters', 'cluster'], ['contexts', 'context'], ['users', 'user']] as const;

/** The stanzas of one section of one file. */
function stanzasOf(data: Fields, section: string, key: string, file: string): Stanza[] {
  const list = data[section];
  if (!Array.isArray(list)) return [];
  return list.map((entry) => ({ name: textAt(entry, 'name'), value: isFields((entry as Fields)[key]) ? ((entry as Fields)[key] as Fields) : {}, file }));
}

/** Reads and merges. A file named with --kubeconfig must exist; `missingIsFine` is for commands that write it. */
export function loadKubeconfig(files: HostFiles, explicit: string, env: Readonly<Record<string, string | undefined>>, missingIsFine = false): Kubeconfig {
  const chosen = kubeconfigFiles(explicit, env);
  const merged: Record<string, Map<string, Stanza>> = { clusters: new Map(), contexts: new Map(), users: new Map() };
  let currentContext = '';
  let preferences: Fields | undefined;
  const existing: string[] = [];
  for (const file of chosen.files) {
    const data = readKubeconfigFile(files, file);
    if (!data) {
      if (chosen.explicit && !missingIsFine) throw new CommandError(`stat ${file}: no such file or directory`);
      continue;
    }
    existing.push(file);
    for (const [section, key] of sections) {
      for (const stanza of stanzasOf(data, section, key, file)) {
        const known = merged[section] as Map<string, Stanza>;
        if (!known.has(stanza.name)) known.set(stanza.name, stanza);
      }
    }
    if (currentContext === '') currentContext = textAt(data, 'current-context');
    if (!preferences && isFields(data['preferences']) && Object.keys(data['preferences']).length > 0) preferences = data['preferences'];
  }
  const sorted = (section: string) => [...(merged[section] as Map<string, Stanza>).values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return { clusters: sorted('clusters'), contexts: sorted('contexts'), users: sorted('users'), currentContext, preferences, files: chosen.files, existing };
}
