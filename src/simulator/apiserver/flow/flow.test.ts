import { expect, test } from 'vitest';
import type { UserInfo } from '../../api';
import { createEtcd } from '../../etcd';
import { createKernel, sleep } from '../../kernel';
import { requestInfo } from '../request/info';
import { parseUrl } from '../request/url';
import { FlowControl } from '.';

test('a flood from one client does not keep another waiting', () => {
  const kernel = createKernel();
  const etcd = createEtcd({ kernel });
  const put = (key: string, value: object) => ({ type: 'transaction' as const, compare: [], success: [{ type: 'put' as const, key, value }], failure: [] });
  const order: string[] = [];
  const flow = new FlowControl(etcd);
  const { path, query } = parseUrl('/api/v1/namespaces/a/pods');
  const info = requestInfo('GET', path, query);
  kernel.spawn('test', (function* () {
    yield* etcd.propose(put('/registry/prioritylevelconfigurations/only', { metadata: { name: 'only' }, spec: { type: 'Limited', limited: { nominalConcurrencyShares: 1, limitResponse: { type: 'Queue', queuing: { queueLengthLimit: 900 } } } } }));
    yield* etcd.propose(put('/registry/flowschemas/all', { metadata: { name: 'all' }, spec: { priorityLevelConfiguration: { name: 'only' }, distinguisherMethod: { type: 'ByUser' }, rules: [{ subjects: [{ kind: 'Group', group: { name: '*' } }], resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'], namespaces: ['*'] }] }] } }));
    const client = function* (user: UserInfo) {
      const turn = flow.begin(user, info);
      if (turn) yield* flow.wait(turn);
      yield* sleep(1_000_000);
      order.push(user.name);
      flow.end(turn);
    };
    const user = (name: string): UserInfo => ({ name, groups: ['x'] });
    for (let i = 0; i < 1200; i++) kernel.spawn('flood', client(user('flood')), null);
    for (let i = 0; i < 5; i++) kernel.spawn('calm', client(user('calm')), null);
  })());
  kernel.run({ to: kernel.now + 10_000_000 });
  expect(order.length).toBe(1205);
  expect(order.lastIndexOf('calm')).toBeLessThan(640);
});
