import { expect, test } from 'vitest';
import { allResources, resourceFor, resourceForKind, typeForKind, typeNamed } from '.';

test('knows every resource that discovery lists, with its verbs, names, subresources and columns', () => {
  const deployments = resourceFor({ group: 'apps', version: 'v1', resource: 'deployments' });
  expect(deployments).toMatchObject({ kind: 'Deployment', singular: 'deployment', namespaced: true, shortNames: ['deploy'], categories: ['all'] });
  expect(deployments?.verbs).toContain('deletecollection');
  expect(deployments?.subresources.map((sub) => `${sub.name} ${sub.group}/${sub.version} ${sub.kind}`)).toEqual(['scale autoscaling/v1 Scale', 'status apps/v1 Deployment']);
  expect(deployments?.columns.map((column) => column.name)).toEqual(['Name', 'Ready', 'Up-to-date', 'Available', 'Age', 'Containers', 'Images', 'Selector']);
  expect(allResources().length).toBeGreaterThan(60);
  expect(resourceForKind({ group: '', version: 'v1', kind: 'Pod' })?.resource).toBe('pods');
});

test('gives fields in the order in which Go writes them, with how they merge', () => {
  const container = typeNamed('io.k8s.api.core.v1.Container');
  expect([...(container?.fields.keys() ?? [])].slice(0, 6)).toEqual(['name', 'image', 'command', 'args', 'workingDir', 'ports']);
  expect(container?.fields.get('ports')).toMatchObject({ type: 'list', listType: 'map', listMapKeys: ['containerPort', 'protocol'], patchStrategy: 'merge', patchMergeKey: 'containerPort', goType: '[]v1.ContainerPort', protobuf: 6 });
  expect(container?.fields.get('imagePullPolicy')).toMatchObject({ enum: ['Always', 'IfNotPresent', 'Never'], goType: 'v1.PullPolicy' });
  const port = typeNamed('io.k8s.api.core.v1.ContainerPort');
  expect(port?.fields.get('protocol')).toMatchObject({ default: 'TCP' });
  expect(port?.fields.get('containerPort')).toMatchObject({ type: 'integer', format: 'int32', required: true });
});

test('remembers that an embedded struct is a message of its own in protobuf', () => {
  expect(typeNamed('io.k8s.api.core.v1.Volume')?.fields.get('emptyDir')).toMatchObject({ protobuf: 2, protobufInline: [2], pointer: true });
});

test('every field of every type can be read', () => {
  let fields = 0;
  for (const resource of allResources()) for (const field of resource.type.fields.values()) fields += field.name.length > 0 ? 1 : 0;
  expect(fields).toBeGreaterThan(200);
  expect(typeForKind({ group: 'apps', version: 'v1', kind: 'DeploymentList' })?.fields.get('items')?.element?.object).toBe(resourceFor({ group: 'apps', version: 'v1', resource: 'deployments' })?.type);
  expect(typeForKind({ group: '', version: 'v1', kind: 'Status' })?.name).toBe('io.k8s.apimachinery.pkg.apis.meta.v1.Status');
  expect(typeForKind({ group: 'policy', version: 'v1', kind: 'Eviction' })?.fields.has('deleteOptions')).toBe(true);
});
