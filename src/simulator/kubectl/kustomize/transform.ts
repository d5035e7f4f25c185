import { at, isFields, listAt, nameOf, textAt, withAt, type Fields } from '../fields';
import { podSpecPath } from '../commands/set/templates';

const clusterKinds = new Set(['Namespace', 'Node', 'PersistentVolume', 'ClusterRole', 'ClusterRoleBinding', 'StorageClass', 'CustomResourceDefinition', 'PriorityClass', 'IngressClass', 'RuntimeClass', 'APIService', 'MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration', 'CertificateSigningRequest', 'CSIDriver', 'VolumeAttachment']);

/** The object in this namespace; cluster-scoped kinds stay, subjects of bindings follow. */
export function setNamespace(object: Fields, namespace: string): Fields {
  const kind = textAt(object, 'kind');
  if (kind === 'Namespace') return withAt(object, ['metadata', 'name'], namespace);
  const moved = clusterKinds.has(kind) ? object : withAt(object, ['metadata', 'namespace'], namespace);
  if (!kind.endsWith('RoleBinding')) return moved;
  const subjects = listAt(moved, 'subjects').map((subject) => (subject['kind'] === 'ServiceAccount' && (subject['name'] === 'default' || subject['namespace'] !== undefined) ? { ...subject, namespace } : subject));
  return subjects.length === 0 ? moved : { ...moved, subjects };
}

const namedAsIs = new Set(['Namespace', 'CustomResourceDefinition', 'APIService']);

/** The object with something before and after its name. */
export const setNames = (object: Fields, prefix: string, suffix: string): Fields =>
  (prefix === '' && suffix === '') || namedAsIs.has(textAt(object, 'kind')) ? object : withAt(object, ['metadata', 'name'], `${prefix}${nameOf(object)}${suffix}`);

function added(object: Fields, path: readonly string[], pairs: Fields, make: boolean): Fields {
  const known = at(object, ...path);
  if (!isFields(known) && !make) return object;
  return withAt(object, path, { ...(isFields(known) ? known : {}), ...pairs });
}

const selectorKinds: Readonly<Record<string, readonly string[]>> = {
  Service: ['spec', 'selector'],
  ReplicationController: ['spec', 'selector'],
  Deployment: ['spec', 'selector', 'matchLabels'],
  ReplicaSet: ['spec', 'selector', 'matchLabels'],
  DaemonSet: ['spec', 'selector', 'matchLabels'],
  StatefulSet: ['spec', 'selector', 'matchLabels'],
};

/** The object with more labels (or annotations), also in its template and selector when asked. */
export function addToLabels(object: Fields, pairs: Fields, where: { readonly selectors: boolean; readonly templates: boolean }, what: 'labels' | 'annotations' = 'labels'): Fields {
  let out = added(object, ['metadata', what], pairs, true);
  const path = podSpecPath({ kind: textAt(object, 'kind') });
  if (where.templates && path && path.length > 1 && at(out, ...path) !== undefined) out = added(out, [...path.slice(0, -1), 'metadata', what], pairs, true);
  const selector = selectorKinds[textAt(object, 'kind')];
  if (where.selectors && selector) out = added(out, selector, pairs, textAt(object, 'kind') !== 'Service' || at(out, ...selector) !== undefined);
  return out;
}

function renamedImage(image: string, changes: readonly Fields[]): string {
  for (const change of changes) {
    const name = textAt(change, 'name');
    const match = /^(.*?)((?::[^:/@]+)?)((?:@.+)?)$/.exec(image) as RegExpExecArray;
    const [, base = '', tag = '', digest = ''] = match;
    if (base !== name) continue;
    const [newName, newTag, newDigest] = [textAt(change, 'newName') || base, textAt(change, 'newTag'), textAt(change, 'digest')];
    if (newDigest !== '') return `${newName}@${newDigest}`;
    return newTag !== '' ? `${newName}:${newTag}` : `${newName}${tag}${digest}`;
  }
  return image;
}

/** The object with its containers' images changed. */
export function setImages(object: Fields, changes: readonly Fields[]): Fields {
  const path = podSpecPath({ kind: textAt(object, 'kind') });
  if (!path || changes.length === 0) return object;
  return ['initContainers', 'containers'].reduce((current, kind) => {
    const list = listAt(current, ...path, kind);
    if (list.length === 0) return current;
    return withAt(current, [...path, kind], list.map((container) => (container['image'] === undefined ? container : { ...container, image: renamedImage(textAt(container, 'image'), changes) })));
  }, object);
}

const replicated = new Set(['Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet']);

/** The object with as many replicas as the kustomization says for its first name. */
export function setReplicas(object: Fields, original: string, changes: readonly Fields[]): Fields {
  const change = changes.find((one) => textAt(one, 'name') === original || textAt(one, 'name') === nameOf(object));
  return change && replicated.has(textAt(object, 'kind')) ? withAt(object, ['spec', 'replicas'], change['count']) : object;
}

/** Fields that name objects of a kind, wherever they stand. */
const references: readonly { readonly kind: string; readonly parent: string; readonly field: string }[] = [
  { kind: 'ConfigMap', parent: 'configMap', field: 'name' },
  { kind: 'ConfigMap', parent: 'configMapRef', field: 'name' },
  { kind: 'ConfigMap', parent: 'configMapKeyRef', field: 'name' },
  { kind: 'Secret', parent: 'secret', field: 'secretName' },
  { kind: 'Secret', parent: 'secret', field: 'name' },
  { kind: 'Secret', parent: 'secretRef', field: 'name' },
  { kind: 'Secret', parent: 'secretKeyRef', field: 'name' },
  { kind: 'Secret', parent: 'imagePullSecrets', field: 'name' },
  { kind: 'Secret', parent: 'tls', field: 'secretName' },
  { kind: 'PersistentVolumeClaim', parent: 'persistentVolumeClaim', field: 'claimName' },
  { kind: 'Service', parent: 'service', field: 'name' },
];

const textFields: Readonly<Record<string, string>> = { serviceAccountName: 'ServiceAccount', serviceName: 'Service', priorityClassName: 'PriorityClass', ingressClassName: 'IngressClass' };

function updated(value: unknown, parent: string, renames: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => updated(item, parent, renames));
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => {
    if (typeof item !== 'string') return [key, updated(item, key, renames)];
    const reference = references.find((one) => one.parent === parent && one.field === key);
    const kind = reference?.kind ?? textFields[key] ?? ((parent === 'scaleTargetRef' || parent === 'roleRef' || parent === 'subjects') && key === 'name' ? textAt(value, 'kind') : undefined);
    return [key, kind === undefined ? item : (renames.get(`${kind}/${item}`) ?? item)];
  }));
}

/** The object with references to renamed objects following. */
export function updateReferences(object: Fields, renames: ReadonlyMap<string, string>): Fields {
  if (renames.size === 0) return object;
  const { metadata, ...rest } = object;
  return { ...(updated(rest, '', renames) as Fields), ...(metadata !== undefined && { metadata }) };
}
