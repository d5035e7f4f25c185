import { DecodeError, decodeValue, type FieldSchema, type LabelSelector, type ObjectMeta, type TypeSchema, typeNamed } from '../../../api';
import { layoutOf } from './layouts';

type Value = Readonly<Record<string, unknown>>;

const capitals: Readonly<Record<string, string>> = {
  apiVersion: 'APIVersion', uid: 'UID', apiGroup: 'APIGroup', apiGroups: 'APIGroups', dnsPolicy: 'DNSPolicy', dnsConfig: 'DNSConfig', os: 'OS', ip: 'IP', httpGet: 'HTTPGet', tcpSocket: 'TCPSocket', grpc: 'GRPC', httpHeaders: 'HTTPHeaders', tty: 'TTY',
  gcePersistentDisk: 'GCEPersistentDisk', awsElasticBlockStore: 'AWSElasticBlockStore', nfs: 'NFS', iscsi: 'ISCSI', rbd: 'RBD', cephfs: 'CephFS', fc: 'FC', csi: 'CSI', storageos: 'StorageOS', fsType: 'FSType',
  seLinuxOptions: 'SELinuxOptions', fsGroup: 'FSGroup', fsGroupChangePolicy: 'FSGroupChangePolicy', seLinuxChangePolicy: 'SELinuxChangePolicy', pdName: 'PDName', targetWWNs: 'TargetWWNs', iqn: 'IQN',
  clusterIP: 'ClusterIP', clusterIPs: 'ClusterIPs', gmsaCredentialSpecName: 'GMSACredentialSpecName', gmsaCredentialSpec: 'GMSACredentialSpec', sslEnabled: 'SSLEnabled', wwids: 'WWIDs', diskURI: 'DataDiskURI', initiatorName: 'InitiatorName', cel: 'CEL', ips: 'IPs',
};

const goName = (name: string): string => capitals[name] ?? name.charAt(0).toUpperCase() + name.slice(1);

/** What Go has in a field that nobody set. */
function emptyOf(field: FieldSchema): unknown {
  if (field.type === 'list' || field.type === 'map' || field.pointer) return null;
  switch (field.type) {
    case 'string': return '';
    case 'boolean': return false;
    case 'integer': case 'number': case 'intOrString': return 0;
    case 'quantity': return '0';
    case 'object': return viewObject(field.object as TypeSchema, {});
    default: return null;
  }
}

function view(field: FieldSchema, value: unknown): unknown {
  if (value === undefined || value === null) return emptyOf(field);
  switch (field.type) {
    case 'list': return (value as readonly unknown[]).map((item) => view(field.element as FieldSchema, item));
    case 'map': {
      const entries = Object.entries(value as Value).sort(([a], [b]) => (a < b ? -1 : 1));
      return Object.fromEntries(entries.map(([key, item]) => [key, view(field.element as FieldSchema, item)]));
    }
    case 'object': return viewObject(field.object as TypeSchema, value as Value);
    default: return value;
  }
}

/** Types that the server uses as clients write them, even inside. */
const external = /^io\.k8s\.(apimachinery\.pkg\.apis\.meta|api\.admissionregistration\.)/;

function viewObject(type: TypeSchema, value: Value): unknown {
  if (external.test(type.name)) return plainView(type, value);
  const layout = layoutOf(type.name);
  const names = layout?.order ?? [...type.fields.keys()];
  const out: Record<string, unknown> = {};
  for (const name of names) {
    const group = layout?.groups?.[name];
    if (group !== undefined) out[goName(name)] = viewGroup(type, name, group, value);
    else {
      const field = type.fields.get(name);
      if (field && layout?.inline?.includes(name)) Object.assign(out, view(field, value[name]));
      else if (field) out[layout?.names?.[name] ?? goName(name)] = layout?.plain?.includes(name) && value[name] === undefined ? plainEmpty(field) : view(field, value[name]);
    }
  }
  return out;
}

/** Fields that are pointers for clients and plain values inside. */
const plainEmpty = (field: FieldSchema): unknown => emptyOf({ ...field, pointer: false });

/** A struct that holds fields of its parent's for clients: a Pod's host namespaces in its security context. */
function viewGroup(type: TypeSchema, name: string, outer: readonly string[], value: Value): unknown {
  const field = type.fields.get(name) as FieldSchema;
  const inner = viewObject(field.object as TypeSchema, (value[name] ?? {}) as Value) as Value;
  const lifted = Object.fromEntries(outer.map((one) => [goName(one), view(type.fields.get(one) as FieldSchema, value[one])]));
  return { ...lifted, ...inner };
}

/** As clients write it: fields in Go's order, nothing empty. */
function plainView(type: TypeSchema, value: Value): unknown {
  try {
    return decodeValue(type, value).object;
  } catch (error) {
    if (error instanceof DecodeError) return value;
    throw error;
  }
}

/**
 * An object as the server's own Go structs hold it, which is what its messages print: Go's names, Go's order, nothing
 * left out. `type` is an OpenAPI name.
 */
export function internalView(type: string, value: object): unknown {
  return viewObject(typeNamed(type) as TypeSchema, value as Value);
}

const metaTypes = 'io.k8s.apimachinery.pkg.apis.meta.v1.';

/** A selector as the server prints it. */
export const selectorView = (selector: LabelSelector | null | undefined): unknown => (selector ? internalView(`${metaTypes}LabelSelector`, selector) : null);

/** An object's metadata as the server prints it. */
export const metadataView = (metadata: ObjectMeta | undefined): object => (metadata ? (internalView(`${metaTypes}ObjectMeta`, metadata) as object) : {});
