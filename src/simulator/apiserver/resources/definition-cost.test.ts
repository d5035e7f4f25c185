import { expect, test } from 'vitest';
import type { Pod } from '../../api';
import { createRandom } from '../../kernel';
import type { StrategyContext } from './definition';
import { definitionFor } from '.';

const context: StrategyContext = { user: { name: 'a', groups: [] }, now: 0, random: createRandom(1), namespace: 'default', dryRun: false, get: () => undefined, list: () => [] };

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a', labels: { app: 'web' } },
  spec: {
    containers: [{ name: 'app', image: 'nginx:1.29', ports: [{ containerPort: 80, protocol: 'TCP' }], resources: { requests: { cpu: '100m' } }, terminationMessagePath: '/x', terminationMessagePolicy: 'File', imagePullPolicy: 'IfNotPresent' }],
    restartPolicy: 'Always', dnsPolicy: 'ClusterFirst', schedulerName: 'default-scheduler', securityContext: {}, terminationGracePeriodSeconds: 30,
  },
} as const;

test('a valid small Pod is checked in a few microseconds, far below what a request costs', () => {
  const check = (definitionFor('', 'pods') as NonNullable<ReturnType<typeof definitionFor>>).validateCreate as (object: Pod, context: StrategyContext) => readonly unknown[];
  for (let i = 0; i < 20_000; i++) expect(check(pod as unknown as Pod, context).length === 0 || i).toBe(true);
  const rounds = 20_000;
  const start = performance.now();
  for (let i = 0; i < rounds; i++) check(pod as unknown as Pod, context);
  const microseconds = ((performance.now() - start) * 1000) / rounds;
  console.log(`validateCreate of a Pod: ${microseconds.toFixed(2)} µs`);
  expect(microseconds).toBeLessThan(25);
});
