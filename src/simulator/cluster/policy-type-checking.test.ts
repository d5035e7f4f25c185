import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ValidatingAdmissionPolicy } from '../api';
import { seconds } from '../kernel';
import { createCluster } from '.';

/** Policies, and what a real cluster's controller said of their expressions. */
const recorded = readFileSync(new URL('../controllers/validating-admission-policy/testdata/type-checking.jsonl', import.meta.url), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Pick<ValidatingAdmissionPolicy, 'spec'> & { typeChecking: unknown });

test('expressions of policies are checked against the kinds that they match', () => {
  const cluster = createCluster({ seed: 1, nodes: 0, bare: true });
  const path = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies';
  const ask = (method: 'GET' | 'POST', url: string, body?: object) => cluster.request({ method, url, ...(body && { body }) });
  for (const [index, { spec }] of recorded.entries()) expect(ask('POST', path, { metadata: { name: `p${index}` }, spec }).status).toBe(201);
  const policy = (index: number): ValidatingAdmissionPolicy => ask('GET', `${path}/p${index}`).body as ValidatingAdmissionPolicy;
  cluster.run({ until: () => false, atMost: seconds(5) });
  for (const [index, { typeChecking }] of recorded.entries()) expect([index, policy(index).status?.typeChecking]).toEqual([index, typeChecking]);
});
