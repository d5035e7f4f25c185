import { expect, test } from 'vitest';
import { createCluster } from '../simulator/cluster';
import { describeIn } from '.';

const explain = (language: 'ko' | 'en', path: string): string => createCluster({ bare: true, describe: describeIn(language) }).command(`kubectl explain ${path}`).output;

test('kubectl explain says what a field and its type are for, laid out as the real one does', () => {
  expect(explain('en', 'deploy.spec.strategy')).toBe(`GROUP:      apps
KIND:       Deployment
VERSION:    v1

FIELD: strategy <DeploymentStrategy>


DESCRIPTION:
    How new versions take the place of old ones.
    A way to do it, and its settings.
    
FIELDS:
  rollingUpdate	<RollingUpdateDeployment>
    Settings of a rolling update.

  type	<string>
  enum: Recreate, RollingUpdate
    RollingUpdate (the default) goes bit by bit, Recreate deletes all first.


`);
});

test('a scalar\'s description ends in the same blank lines', () => {
  expect(explain('en', 'pod.spec.containers.resources.limits')).toMatch(/\n {4}container\.\n {4}An amount: [^]*64Mi\.\n {4}\n\n$/);
});

test('it speaks Korean to Korean readers, on lines of at most 80 columns, Hangul counting two', () => {
  const output = explain('ko', 'pod.spec.containers');
  expect(output).toContain('    실행할 이미지입니다. 예: nginx:1.27\n');
  const columns = (line: string): number => [...line].reduce((sum, letter) => sum + (/[가-힣]/.test(letter) ? 2 : 1), 0);
  expect(output.split('\n').filter((line) => columns(line) > 80)).toEqual([]);
});

test('it explains the metadata of custom resources as that of every object', () => {
  const cluster = createCluster({ bare: true, describe: describeIn('en') });
  const versions = [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }];
  cluster.request({ method: 'POST', url: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', body: { metadata: { name: 'widgets.example.com' }, spec: { group: 'example.com', scope: 'Namespaced', names: { plural: 'widgets', kind: 'Widget' }, versions } } });
  cluster.request({ method: 'GET', url: '/version' });
  const { output } = cluster.command('kubectl explain widgets.metadata');
  expect(output).toContain('FIELD: metadata <ObjectMeta>\n\n\nDESCRIPTION:\n    Standard object\'s metadata:');
  expect(output).toContain('  creationTimestamp\t<string>\n    CreationTimestamp is a timestamp:');
});
