import { expect, test } from 'vitest';
import { utf8Encode } from '../../kernel';
import { nameOf, textAt } from '../fields';
import type { HostFiles } from '../host';
import { buildKustomization } from '.';
import { sha256 } from './hash';

function filesOf(content: Readonly<Record<string, string>>): HostFiles {
  const isFolder = (path: string) => Object.keys(content).some((name) => name.startsWith(`${path}/`));
  return {
    cwd: '/home',
    read: (path) => utf8Encode(content[path] ?? ''),
    write: () => undefined,
    kind: (path) => (path in content ? 'file' : isFolder(path) ? 'folder' : undefined),
    list: () => [],
    makeFolder: () => undefined,
    remove: () => undefined,
  };
}

const deployment = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 1\n  template:\n    spec:\n      containers: [{name: c, image: "nginx:1.28", envFrom: [{configMapRef: {name: settings}}]}]\n';

test('SHA-256 of a known text', () => {
  expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test('an overlay renames, relabels, patches and follows references to generated names', () => {
  const objects = buildKustomization(
    filesOf({
      'base/kustomization.yaml': 'resources: [web.yaml]\nconfigMapGenerator: [{name: settings, literals: [colour=blue]}]\n',
      'base/web.yaml': deployment,
      'over/kustomization.yaml': 'resources: [../base]\nnamePrefix: prod-\nlabels: [{pairs: {env: prod}}]\nimages: [{name: nginx, newTag: "1.29"}]\nreplicas: [{name: web, count: 3}]\npatches: [{target: {kind: Deployment}, patch: "[{op: add, path: /spec/paused, value: true}]"}]\n',
    }),
    'over',
  );
  const [config, web] = objects;
  expect(nameOf(config)).toMatch(/^prod-settings-[a-z0-9]{10}$/);
  expect(textAt(web, 'metadata', 'labels', 'env')).toBe('prod');
  expect(textAt(web, 'spec', 'replicas')).toBe('3');
  expect(textAt(web, 'spec', 'paused')).toBe('true');
  expect(textAt(web, 'spec', 'template', 'spec', 'containers', 0, 'image')).toBe('nginx:1.29');
  expect(textAt(web, 'spec', 'template', 'spec', 'containers', 0, 'envFrom', 0, 'configMapRef', 'name')).toBe(nameOf(config));
});

test('a folder without a kustomization is refused', () => {
  expect(() => buildKustomization(filesOf({ 'empty/x': '' }), 'empty')).toThrow("unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '/home/empty'");
});
