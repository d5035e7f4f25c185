import { CommandError } from '../errors';
import { at, compareText, isFields, listAt, nameOf, textAt, textsAt, type Fields } from '../fields';
import type { HostFiles } from '../host';
import { configMapData, envLines, secretData } from '../commands/create/data';
import { utf8Decode, utf8Encode } from '../../kernel';
import { parseDocument } from '../resources/manifests';
import { applyPatches } from './patches';
import { appendHash } from './hash';
import { addToLabels, setImages, setNames, setNamespace, setReplicas, updateReferences } from './transform';

const fileNames = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

const joinPath = (folder: string, name: string): string => {
  const parts: string[] = [];
  for (const part of `${name.startsWith('/') ? '' : `${folder}/`}${name}`.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') {
      if (parts.at(-1) === '') continue;
      parts.pop();
    } else if (part !== '.' && (part !== '' || parts.length === 0)) parts.push(part);
  }
  return parts.join('/') || '.';
};

const absolute = (files: HostFiles, path: string): string => joinPath(files.cwd, path);

function readKustomization(files: HostFiles, folder: string): Fields {
  if (files.kind(folder) !== 'folder') {
    throw new CommandError(files.kind(folder) === 'file' ? `must build at directory: not a valid directory: '${folder}' is not a directory` : `must build at directory: not a valid directory: evalsymlink failure on '${folder}' : lstat ${absolute(files, folder)}: no such file or directory`);
  }
  const name = fileNames.find((one) => files.kind(joinPath(folder, one)) === 'file');
  if (name === undefined) throw new CommandError(`unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '${absolute(files, folder)}'`);
  const data = parseDocument(utf8Decode(files.read(joinPath(folder, name))), name);
  return isFields(data) ? data : {};
}

/** The objects in a file of a kustomization. */
export function readObjects(files: HostFiles, path: string): Fields[] {
  const text = utf8Decode(files.read(path));
  return text.split(/^---[ \t]*$/m).flatMap((part) => {
    const data = parseDocument(part, path);
    if (!isFields(data)) return [];
    return data['kind'] === 'List' ? listAt(data, 'items') : [data];
  });
}

function resourcesOf(files: HostFiles, folder: string, kustomization: Fields): Fields[] {
  const names = [...textsAt(kustomization, 'resources'), ...textsAt(kustomization, 'bases')];
  return names.flatMap((name) => {
    const path = joinPath(folder, name);
    const kind = files.kind(path);
    if (kind === 'folder') return build(files, path);
    if (kind === 'file') return readObjects(files, path);
    throw new CommandError(`accumulating resources: accumulation err='accumulating resources from '${name}': evalsymlink failure on '${absolute(files, path)}' : lstat ${absolute(files, path)}: no such file or directory': must build at directory: not a valid directory: evalsymlink failure on '${absolute(files, path)}' : lstat ${absolute(files, path)}: no such file or directory`);
  });
}

function generatedEntries(files: HostFiles, folder: string, generator: Fields): Map<string, Uint8Array> {
  const entries = new Map<string, Uint8Array>();
  for (const path of [...textsAt(generator, 'envs'), ...(textAt(generator, 'env') === '' ? [] : [textAt(generator, 'env')])]) {
    for (const [key, value] of envLines(utf8Decode(files.read(joinPath(folder, path))), {})) entries.set(key, utf8Encode(value));
  }
  for (const literal of textsAt(generator, 'literals')) {
    const equals = literal.indexOf('=');
    entries.set(literal.slice(0, equals), utf8Encode(literal.slice(equals + 1).replace(/^(['"])(.*)\1$/s, '$2')));
  }
  for (const source of textsAt(generator, 'files')) {
    const equals = source.indexOf('=');
    const path = equals < 0 ? source : source.slice(equals + 1);
    entries.set(equals < 0 ? path.slice(path.lastIndexOf('/') + 1) : source.slice(0, equals), files.read(joinPath(folder, path)));
  }
  return entries;
}

const markHashed = new WeakSet();

function generate(files: HostFiles, folder: string, kustomization: Fields): Fields[] {
  const shared = (kustomization['generatorOptions'] ?? {}) as Fields;
  const make = (kind: 'ConfigMap' | 'Secret') => (generator: Fields): Fields => {
    const entries = new Map([...generatedEntries(files, folder, generator)].sort(([a], [b]) => compareText(a, b)));
    const options = { ...shared, ...((generator['options'] ?? {}) as Fields) };
    const labels = { ...((shared['labels'] ?? {}) as Fields), ...((at(generator, 'options', 'labels') ?? {}) as Fields) };
    const annotations = { ...((shared['annotations'] ?? {}) as Fields), ...((at(generator, 'options', 'annotations') ?? {}) as Fields) };
    const namespace = textAt(generator, 'namespace');
    const object = {
      apiVersion: 'v1',
      kind,
      metadata: { name: textAt(generator, 'name'), ...(namespace !== '' && { namespace }), ...(Object.keys(labels).length > 0 && { labels }), ...(Object.keys(annotations).length > 0 && { annotations }) },
      ...(kind === 'Secret' && { type: textAt(generator, 'type') || 'Opaque' }),
      ...(kind === 'ConfigMap' ? configMapData(entries) : secretData(entries)),
      ...(options['immutable'] === true && { immutable: true }),
    };
    if (options['disableNameSuffixHash'] !== true) markHashed.add(object);
    return object;
  };
  return [...listAt(kustomization, 'configMapGenerator').map(make('ConfigMap')), ...listAt(kustomization, 'secretGenerator').map(make('Secret'))];
}

/** An object under way, with the names that references to it may use. */
interface Item {
  object: Fields;
  readonly original: string;
  readonly hashed: boolean;
}

const hashedItems = new WeakSet();

function build(files: HostFiles, folder: string): Fields[] {
  const kustomization = readKustomization(files, folder);
  const read = (path: string) => utf8Decode(files.read(joinPath(folder, path)));
  let items: Item[] = [...resourcesOf(files, folder, kustomization), ...generate(files, folder, kustomization)].map((object) => ({ object, original: nameOf(object), hashed: markHashed.has(object) || hashedItems.has(object) }));
  if (items.length === 0 && Object.keys(kustomization).filter((key) => !['apiVersion', 'kind'].includes(key)).length === 0) throw new CommandError('kustomization.yaml is empty');
  const change = (transform: (object: Fields) => Fields | undefined) => {
    items = items.flatMap((item) => {
      const object = transform(item.object);
      return object ? [{ ...item, object }] : [];
    });
  };
  change((object) => applyPatches(object, kustomization, read));
  const namespace = textAt(kustomization, 'namespace');
  if (namespace !== '') change((object) => setNamespace(object, namespace));
  const renames = new Map<string, string>();
  change((object) => setNames(object, textAt(kustomization, 'namePrefix'), textAt(kustomization, 'nameSuffix')));
  const common = at(kustomization, 'commonLabels');
  if (isFields(common)) change((object) => addToLabels(object, common, { selectors: true, templates: true }));
  for (const entry of listAt(kustomization, 'labels')) {
    change((object) => addToLabels(object, (entry['pairs'] ?? {}) as Fields, { selectors: entry['includeSelectors'] === true, templates: entry['includeTemplates'] === true || entry['includeSelectors'] === true }));
  }
  const annotations = at(kustomization, 'commonAnnotations');
  if (isFields(annotations)) change((object) => addToLabels(object, annotations, { selectors: false, templates: true }, 'annotations'));
  change((object) => setImages(object, listAt(kustomization, 'images')));
  items = items.map((item) => ({ ...item, object: setReplicas(item.object, item.original, listAt(kustomization, 'replicas')) }));
  for (const item of items) if (item.original !== nameOf(item.object)) renames.set(`${textAt(item.object, 'kind')}/${item.original}`, nameOf(item.object));
  return items.map((item) => {
    const object = updateReferences(item.object, renames);
    if (item.hashed) hashedItems.add(object);
    return object;
  });
}

const orderFirst = ['Namespace', 'ResourceQuota', 'StorageClass', 'CustomResourceDefinition', 'ServiceAccount', 'PodSecurityPolicy', 'Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding', 'ConfigMap', 'Secret', 'Endpoints', 'Service', 'LimitRange', 'PriorityClass', 'PersistentVolume', 'PersistentVolumeClaim', 'Deployment', 'StatefulSet', 'CronJob', 'PodDisruptionBudget'];
const orderLast = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'];

function place(kind: string): number {
  const first = orderFirst.indexOf(kind);
  if (first >= 0) return first - orderFirst.length;
  return orderLast.indexOf(kind) + 1;
}

/** The objects of the kustomization in a folder, generated names with their hashes, in kustomize's order. */
export function buildKustomization(files: HostFiles, folder: string): Fields[] {
  const objects = build(files, folder.replace(/(?<=.)\/+$/, ''));
  const renames = new Map<string, string>();
  const named = objects.map((object) => {
    if (!hashedItems.has(object)) return object;
    const hashed = appendHash(object);
    renames.set(`${textAt(object, 'kind')}/${nameOf(object)}`, nameOf(hashed));
    return hashed;
  });
  const key = (object: Fields) => `${textAt(object, 'apiVersion')} ${textAt(object, 'kind')} ${textAt(object, 'metadata', 'namespace')} ${nameOf(object)}`;
  return named.map((object) => updateReferences(object, renames)).sort((a, b) => place(textAt(a, 'kind')) - place(textAt(b, 'kind')) || compareText(key(a), key(b)));
}
