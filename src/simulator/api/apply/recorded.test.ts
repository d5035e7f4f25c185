import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { typeForKind } from '../catalog';
import { decodeValue } from '../decode';
import type { JsonObject } from '../patch';
import type { TypeSchema } from '../schema';
import { applyConfiguration, ConflictError, trackUpdate } from '.';

/** Random applies and updates of one Deployment by three managers, and what a real server made of them. */
interface Recorded {
  readonly kind: 'apply' | 'update';
  readonly live: JsonObject;
  readonly config: JsonObject;
  readonly result: JsonObject;
  readonly manager: string;
  readonly force: boolean;
  readonly error: string | null;
  readonly owners: readonly unknown[];
  readonly containers: readonly string[];
}

const lines = readFileSync(new URL('../testdata/apply.jsonl', import.meta.url), 'utf8').trim().split('\n');
const recorded = lines.map((line) => JSON.parse(line) as Recorded);
const type = typeForKind({ group: 'apps', version: 'v1', kind: 'Deployment' }) as TypeSchema;

function ownersOf(managedFields: readonly unknown[] | undefined): unknown[] {
  const entries = (managedFields ?? []) as readonly { manager: string; operation: string; fieldsV1: unknown }[];
  return entries.map(({ manager, operation, fieldsV1 }) => [manager, operation, fieldsV1]).sort((a, b) => (JSON.stringify(a.slice(0, 2)) < JSON.stringify(b.slice(0, 2)) ? -1 : 1));
}

const write = (manager: string) => ({ manager, apiVersion: 'apps/v1', time: '2026-01-01T00:00:00Z' });
const numbered = (kind: Recorded['kind']) => recorded.filter((one) => one.kind === kind).map((one, i) => [i, one] as const);

test.each(numbered('apply'))('apply %i', (_, { live, config, manager, force, error, owners, containers }) => {
  const run = () => applyConfiguration(type, live, config, { ...write(manager), force });
  if (error !== null) {
    expect(run).toThrow(ConflictError);
    expect(run).toThrow(error);
    return;
  }
  const { object, managedFields } = run();
  expect(ownersOf(managedFields)).toEqual(owners);
  const { spec } = object as unknown as { spec: { template: { spec: { containers: { name: string }[] } } } };
  expect(spec.template.spec.containers.map(({ name }) => name)).toEqual(containers);
});

test.each(numbered('update'))('update %i', (_, { live, result, manager, owners }) => {
  const before = decodeValue(type, live).object;
  const metadata = live['metadata'] as { managedFields?: unknown };
  const after = decodeValue(type, { ...result, metadata: { ...(result['metadata'] as object), managedFields: metadata.managedFields } }).object;
  expect(ownersOf(trackUpdate(type, before, after, write(manager)))).toEqual(owners);
});
