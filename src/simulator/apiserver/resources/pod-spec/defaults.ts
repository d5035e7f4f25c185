import { parseQuantity } from '../../../api';

type Fields = Record<string, unknown>;

const list = (value: unknown): Fields[] => (Array.isArray(value) ? (value as Fields[]) : []);
const child = (owner: Fields, name: string): Fields | undefined => owner[name] as Fields | undefined;

/** Sets what is not there yet. */
export function setDefaults(owner: Fields, defaults: Readonly<Fields>): void {
  for (const name in defaults) if (owner[name] === undefined || owner[name] === '') owner[name] = defaults[name];
}

/** The pull policy of an image that names none: the newest is pulled again. */
export function defaultPullPolicy(image: string): 'Always' | 'IfNotPresent' {
  const parts = reference.exec(image);
  if (!parts) return 'IfNotPresent';
  const [, tag, digest] = parts;
  return tag === 'latest' || (tag === undefined && digest === undefined) ? 'Always' : 'IfNotPresent';
}

/** An image's reference: a domain, a path, a tag, a digest (github.com/distribution/reference). */
const reference = (() => {
  const part = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
  const domain = '(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?';
  return new RegExp(`^(?:${domain}/)?${part}(?:/${part})*(?::(\\w[\\w.-]{0,127}))?(?:@([A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?$`);
})();

function defaultHttpGet(action: Fields | undefined): void {
  if (action) setDefaults(action, { path: '/', scheme: 'HTTP' });
}

function defaultProbe(probe: Fields | undefined): void {
  if (!probe) return;
  for (const [name, value] of [['timeoutSeconds', 1], ['periodSeconds', 10], ['successThreshold', 1], ['failureThreshold', 3]] as const) {
    if (probe[name] === undefined || probe[name] === 0) probe[name] = value;
  }
  defaultHttpGet(child(probe, 'httpGet'));
  const grpc = child(probe, 'grpc');
  if (grpc) grpc['service'] ??= '';
}

/** Amounts are kept in thousandths: what is finer is rounded up. Mutates. */
export function roundAmounts(amounts: unknown): void {
  const quantities = amounts as Record<string, string | number> | undefined;
  for (const name in quantities) {
    const text = String(quantities[name]);
    if (!finerThanMilli.test(text)) continue;
    const amount = parseQuantity(text);
    quantities[name] = amount.roundedUp(1_000_000n).toString();
  }
}

const finerThanMilli = /\.\d{3}|[nu]$|e-/;

function defaultResources(resources: Fields | undefined): void {
  if (!resources) return;
  roundAmounts(resources['requests']);
  roundAmounts(resources['limits']);
}

function defaultContainer(container: Fields): void {
  if (container['resources'] === undefined) container['resources'] = {};
  else defaultResources(container['resources'] as Fields);
  setDefaults(container, { terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File' });
  if (container['imagePullPolicy'] === undefined || container['imagePullPolicy'] === '') container['imagePullPolicy'] = defaultPullPolicy(String(container['image'] ?? ''));
  for (const port of list(container['ports'])) setDefaults(port, { protocol: 'TCP' });
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) defaultProbe(child(container, name));
  const lifecycle = child(container, 'lifecycle');
  if (lifecycle) for (const name of ['postStart', 'preStop']) defaultHttpGet(child(child(lifecycle, name) ?? {}, 'httpGet'));
  for (const variable of list(container['env'])) {
    const source = child(variable, 'valueFrom');
    if (!source) continue;
    const fieldRef = child(source, 'fieldRef');
    if (fieldRef) setDefaults(fieldRef, { apiVersion: 'v1' });
    const fileKeyRef = child(source, 'fileKeyRef');
    if (fileKeyRef && fileKeyRef['optional'] === undefined) fileKeyRef['optional'] = false;
    const resourceFieldRef = child(source, 'resourceFieldRef');
    if (resourceFieldRef) setDefaults(resourceFieldRef, { divisor: '0' });
  }
}

function defaultDownwardItems(items: unknown): void {
  for (const item of list(items)) {
    const fieldRef = child(item, 'fieldRef');
    if (fieldRef) setDefaults(fieldRef, { apiVersion: 'v1' });
    const resourceFieldRef = child(item, 'resourceFieldRef');
    if (resourceFieldRef) setDefaults(resourceFieldRef, { divisor: '0' });
  }
}

const sources = [
  'hostPath', 'emptyDir', 'gcePersistentDisk', 'awsElasticBlockStore', 'gitRepo', 'secret', 'nfs', 'iscsi', 'glusterfs', 'persistentVolumeClaim', 'rbd', 'flexVolume', 'cinder', 'cephfs', 'flocker', 'downwardAPI', 'fc', 'azureFile',
  'configMap', 'vsphereVolume', 'quobyte', 'azureDisk', 'photonPersistentDisk', 'projected', 'portworxVolume', 'scaleIO', 'storageos', 'csi', 'ephemeral', 'image',
];

/** Sets the defaults of one volume; one without any source is an empty directory. */
export function defaultVolume(volume: Fields): void {
  if (!sources.some((name) => volume[name] !== undefined)) volume['emptyDir'] = {};
  for (const name of ['secret', 'configMap', 'downwardAPI', 'projected']) {
    const source = child(volume, name);
    if (source && source['defaultMode'] === undefined) source['defaultMode'] = 0o644;
  }
  defaultDownwardItems(child(volume, 'downwardAPI')?.['items']);
  for (const projection of list(child(volume, 'projected')?.['sources'])) {
    defaultDownwardItems(child(projection, 'downwardAPI')?.['items']);
    const token = child(projection, 'serviceAccountToken');
    if (token && token['expirationSeconds'] === undefined) token['expirationSeconds'] = 3600;
  }
  const hostPath = child(volume, 'hostPath');
  if (hostPath && hostPath['type'] === undefined) hostPath['type'] = '';
  const template = child(child(volume, 'ephemeral') ?? {}, 'volumeClaimTemplate');
  if (template) defaultClaimSpec((template['spec'] ??= {}) as Fields);
  const image = child(volume, 'image');
  if (image) setDefaults(image, { pullPolicy: defaultPullPolicy(String(image['reference'] ?? '')) });
  defaultStorageSystems(volume);
}

function defaultStorageSystems(volume: Fields): void {
  const set = (name: string, defaults: Readonly<Fields>): void => {
    const source = child(volume, name);
    if (source) setDefaults(source, defaults);
  };
  set('iscsi', { iscsiInterface: 'default' });
  set('rbd', { pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' });
  set('azureDisk', { cachingMode: 'ReadWrite', fsType: 'ext4', readOnly: false, kind: 'Shared' });
  set('scaleIO', { storageMode: 'ThinProvisioned', fsType: 'xfs' });
}

/** A claim or a snapshot: what the older field can name. Anything else in it is forgotten. */
function isClaimSource(source: Fields | undefined): boolean {
  const group = source?.['apiGroup'] ?? '';
  return (group === '' && source?.['kind'] === 'PersistentVolumeClaim') || (group === 'snapshot.storage.k8s.io' && source?.['kind'] === 'VolumeSnapshot');
}

/** Sets the defaults of a claim's spec. */
export function defaultClaimSpec(spec: Fields): void {
  spec['volumeMode'] ??= 'Filesystem';
  const resources = (spec['resources'] ??= {}) as Fields;
  for (const list of ['requests', 'limits']) roundAmounts(resources[list]);
}

/** What a claim is filled from has two fields, which say the same. Mutates. */
export function agreeOnSource(spec: Fields): void {
  if ((child(spec, 'dataSourceRef')?.['namespace'] ?? '') !== '') delete spec['dataSourceRef'];
  const reference = child(spec, 'dataSourceRef');
  if (!reference && !isClaimSource(child(spec, 'dataSource'))) delete spec['dataSource'];
  const source = child(spec, 'dataSource');
  if (source && !reference) spec['dataSourceRef'] = { ...source };
  else if (reference && !source) spec['dataSource'] = { ...reference };
}

/** Sets the defaults of a Pod's spec, of a Pod or of a template, that the schema does not carry. Mutates. */
export function defaultPodSpec(spec: Fields): void {
  setDefaults(spec, { dnsPolicy: 'ClusterFirst', restartPolicy: 'Always', schedulerName: 'default-scheduler' });
  if (spec['terminationGracePeriodSeconds'] === undefined) spec['terminationGracePeriodSeconds'] = 30;
  if (spec['securityContext'] === undefined) spec['securityContext'] = {};
  if (spec['serviceAccountName'] === undefined && spec['serviceAccount'] !== undefined) spec['serviceAccountName'] = spec['serviceAccount'];
  else if (spec['serviceAccountName'] !== undefined) spec['serviceAccount'] = spec['serviceAccountName'];
  for (const field of ['hostNetwork', 'hostPID', 'hostIPC']) if (spec[field] === false) delete spec[field];
  for (const name of ['containers', 'initContainers', 'ephemeralContainers']) {
    for (const container of list(spec[name])) {
      defaultContainer(container);
      if (spec['hostNetwork'] === true) for (const port of list(container['ports'])) if (!port['hostPort']) port['hostPort'] = port['containerPort'];
    }
  }
  for (const volume of list(spec['volumes'])) defaultVolume(volume);
  defaultResources(child(spec, 'resources'));
  roundAmounts(spec['overhead']);
}
