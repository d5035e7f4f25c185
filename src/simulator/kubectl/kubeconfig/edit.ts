import { CommandError } from '../errors';
import { isFields, textAt, withAt, type Fields } from '../fields';
import type { HostFiles } from '../host';
import { toYaml } from '../print/yaml';
import { readKubeconfigFile, type Kubeconfig } from './load';

export type Section = 'clusters' | 'contexts' | 'users';

const keys: Readonly<Record<Section, string>> = { clusters: 'cluster', contexts: 'context', users: 'user' };

/** Where changes of what no file has are written: the first file that exists, else the last. */
export const defaultFile = ({ existing, files }: Kubeconfig): string => existing[0] ?? (files.at(-1) as string);

/** A configuration file as it is written: sections sorted by name, null for empty ones. */
export function fileText(data: Fields): string {
  const sorted = (section: Section) => {
    const list = data[section];
    if (!Array.isArray(list) || list.length === 0) return null;
    return [...(list as Fields[])].sort((a, b) => (textAt(a, 'name') < textAt(b, 'name') ? -1 : 1));
  };
  const { preferences, ...rest } = data;
  const kept = isFields(preferences) && Object.keys(preferences).length > 0 ? { preferences } : {};
  return toYaml({ ...rest, ...kept, apiVersion: 'v1', kind: 'Config', clusters: sorted('clusters'), contexts: sorted('contexts'), users: sorted('users'), 'current-context': textAt(data, 'current-context') });
}

/** Changes one file. */
export function changeFile(files: HostFiles, path: string, change: (data: Fields) => Fields): void {
  const slash = path.lastIndexOf('/');
  if (slash > 0) files.makeFolder(path.slice(0, slash));
  files.write(path, fileText(change(readKubeconfigFile(files, path) ?? {})));
}

/** Sets a named entry in the file that has it, or in the default one; undefined removes it. */
export function setStanza(files: HostFiles, config: Kubeconfig, section: Section, name: string, value: Fields | undefined): void {
  const path = config[section].find((stanza) => stanza.name === name)?.file ?? defaultFile(config);
  changeFile(files, path, (data) => {
    const list = Array.isArray(data[section]) ? (data[section] as Fields[]) : [];
    const others = list.filter((entry) => textAt(entry, 'name') !== name);
    return { ...data, [section]: value === undefined ? others : [...others, { name, [keys[section]]: value }] };
  });
}

/** Sets the current context in the first file that has one, or in the default one. */
export function setCurrentContext(files: HostFiles, config: Kubeconfig, name: string): void {
  const path = config.existing.find((file) => textAt(readKubeconfigFile(files, file) ?? {}, 'current-context') !== '') ?? defaultFile(config);
  changeFile(files, path, (data) => ({ ...data, 'current-context': name }));
}

const fieldNames: Readonly<Record<Section, readonly string[]>> = {
  clusters: ['server', 'tls-server-name', 'insecure-skip-tls-verify', 'certificate-authority', 'certificate-authority-data', 'proxy-url', 'disable-compression', 'extensions'],
  contexts: ['cluster', 'user', 'namespace', 'extensions'],
  users: ['client-certificate', 'client-certificate-data', 'client-key', 'client-key-data', 'token', 'tokenFile', 'as', 'as-uid', 'as-groups', 'as-user-extra', 'username', 'password', 'auth-provider', 'exec', 'extensions'],
};

/** kubectl config set and unset: `clusters.dev.server`. `value` undefined removes. */
export function setProperty(files: HostFiles, config: Kubeconfig, property: string, value: string | undefined): void {
  const [first = '', ...rest] = property.split('.');
  if (first === 'current-context' && rest.length === 0) return setCurrentContext(files, config, value ?? '');
  if (!(first in keys)) throw new CommandError(`unable to parse ${property} after [] at api.Config`);
  const section = first as Section;
  if (rest.length === 0) {
    if (value !== undefined) throw new CommandError(`can't set a map to a value: map[]`);
    for (const stanza of config[section]) setStanza(files, config, section, stanza.name, undefined);
    return;
  }
  const field = fieldNames[section].find((name) => rest.at(-1) === name);
  const name = (field === undefined ? rest : rest.slice(0, -1)).join('.');
  const known = config[section].find((stanza) => stanza.name === name)?.value;
  if (field === undefined || rest.length === 1) {
    if (value !== undefined) throw new CommandError("can't set a map to a value: map[]");
    return setStanza(files, config, section, rest.join('.'), undefined);
  }
  if (value === undefined && !known) throw new CommandError(`current map key \`${name}\` is invalid`);
  const typed = value !== undefined && ['insecure-skip-tls-verify', 'disable-compression'].includes(field) ? value === 'true' : value;
  setStanza(files, config, section, name, withAt(known ?? {}, [field], typed));
}
