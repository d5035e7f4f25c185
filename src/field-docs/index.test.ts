import { expect, test } from 'vitest';
import { allResources, type FieldSchema, type TypeSchema } from '../simulator/api';
import { describeIn, fieldText } from '.';

/** Kinds that learners meet. */
const kinds = new Set([
  'Pod', 'Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'Service', 'EndpointSlice', 'ConfigMap', 'Secret', 'Namespace', 'ServiceAccount', 'PersistentVolume',
  'PersistentVolumeClaim', 'StorageClass', 'Ingress', 'IngressClass', 'NetworkPolicy', 'Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding', 'HorizontalPodAutoscaler', 'PodDisruptionBudget', 'Node', 'Event',
]);
/** Volumes whose drivers left Kubernetes, and the node's former dynamic configuration: the field that leads there says so, and that is all. */
const departed = /\.(GCEPersistentDisk|AWSElasticBlockStore|Glusterfs|RBD|ISCSI|Cinder|CephFS|Flocker|Flex|AzureFile|AzureDisk|VsphereVirtualDisk|Quobyte|PhotonPersistentDisk|Portworx|ScaleIO|StorageOS|GitRepo)(Persistent)?VolumeSource$|Config(Source|Status)$|ConfigMapNodeConfigSource$/;

const within = (field: FieldSchema | undefined): TypeSchema | undefined => field && (field.object ?? within(field.element));

function reachable(): TypeSchema[] {
  const seen = new Map<string, TypeSchema>();
  const visit = (type: TypeSchema | undefined): void => {
    if (type === undefined || seen.has(type.name) || departed.test(type.name)) return;
    seen.set(type.name, type);
    for (const field of type.fields.values()) visit(within(field));
  };
  for (const resource of allResources()) if (kinds.has(resource.kind)) visit(resource.type);
  return [...seen.values()];
}

const longest = 200;

test('every field of the kinds that learners meet, and every type, is explained in both languages, briefly', () => {
  const missing: string[] = [];
  let count = 0;
  for (const type of reachable()) {
    for (const field of ['', ...type.fields.keys()]) {
      const text = fieldText(type.name, field);
      count += 1;
      if (text === undefined) missing.push(`${type.name} ${field}`);
      else for (const words of [text.ko, text.en]) if (words.trim() === '' || words.length > longest) missing.push(`${type.name} ${field}: ${words.length} characters`);
    }
  }
  expect(missing).toEqual([]);
  expect(count).toBeGreaterThan(1000);
});

test('Korean is Korean, English is English', () => {
  for (const type of reachable()) {
    for (const field of ['', ...type.fields.keys()]) {
      expect(fieldText(type.name, field)?.ko).toMatch(/[가-힣]/);
      expect(fieldText(type.name, field)?.en).not.toMatch(/[가-힣]/);
    }
  }
});

test('a type goes by the last part of its name, but not one of a group that is not documented', () => {
  expect(describeIn('en')('io.k8s.api.core.v1.Container', 'image')).toContain('image');
  expect(describeIn('ko')('io.k8s.api.apps.v1.DeploymentCondition', 'status')).toContain('True');
  expect(describeIn('en')('io.k8s.api.resource.v1.ResourceClaim', 'name')).toBeUndefined();
  expect(describeIn('en')('io.k8s.api.resource.v1.ResourceClaim', 'spec')).toBeDefined();
});
