import { expect, test } from 'vitest';
import type { ResourceInfo } from '../../simulator/api';
import { same, sameButForOrder, signatureOf } from './answers';
import { chanceOf } from './chance';
import { edited, randomEdit } from './edit';
import { Generator } from './generate';
import { preparation } from './found';
import type { Answer, FuzzRequest } from './requests';
import { creations, resourcesOf, setting } from './scenario';
import { SimulatedServer } from './targets';

const resources = resourcesOf([], []);

test('the same seed makes the same requests, another seed others', () => {
  const made = (seed: number): FuzzRequest[] => resources.slice(0, 10).flatMap((info, number) => [...creations({ info, number, chance: chanceOf(seed, number) })]);
  expect(made(1)).toEqual(made(1));
  expect(made(1)).not.toEqual(made(2));
});

test('what scenarios begin with is accepted, for every kind', () => {
  const server = new SimulatedServer();
  for (const request of preparation) server.ask(request, new Map());
  for (const [number, info] of resources.filter(({ verbs }) => verbs.includes('delete')).entries()) {
    const still = { ...chanceOf(1, number), happens: () => false, below: () => 0, pick: <T>(list: readonly T[]) => list[0] as T } as never;
    const [request] = setting({ info, number, chance: still }).setup;
    const { answer } = server.ask(request as FuzzRequest, new Map());
    expect([info.resource, answer.status, answer.status < 300 ? '' : answer.body]).toEqual([info.resource, 201, '']);
  }
});

test('an edit changes what it says and nothing else', () => {
  const [{ type }] = resourcesOf(['apps'], ['deployments']) as [ResourceInfo];
  for (let seed = 0; seed < 200; seed++) {
    const chance = chanceOf(seed, 0);
    const before = { metadata: { name: 'a' }, spec: { replicas: 1, template: { spec: { containers: [{ name: 'a' }] } } } };
    const edit = randomEdit(before, type, new Generator(chance, 0.2), 0.3);
    const copy = structuredClone(before);
    edited(before, edit);
    expect(before).toEqual(copy);
  }
});

test('answers that differ in order alone are told from others', () => {
  const answer = (...causes: string[]): Answer => ({ status: 422, warnings: [], body: { kind: 'Status', message: causes.join(', '), details: { causes: causes.map((message) => ({ message })) } } });
  expect(same(answer('a', 'b'), answer('b', 'a'))).toBe(false);
  expect(sameButForOrder(answer('a', 'b'), answer('b', 'a'))).toBe(true);
  expect(sameButForOrder(answer('a', 'b'), answer('a', 'c'))).toBe(false);
  expect(signatureOf(answer('a', 'b'), answer('a', 'c'))).toContain('b');
});
