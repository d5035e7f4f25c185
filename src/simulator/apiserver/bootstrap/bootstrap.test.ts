import { expect, test } from 'vitest';
import { createEtcd, type KeyValue } from '../../etcd';
import { createKernel } from '../../kernel';
import { createApiServer, stampResourceVersion } from '..';

const credentials = { certificate: { commonName: 'admin', organizations: ['system:masters'] } };

/** A new server of a seed after its first request, and all that it holds and remembers. */
function begun(seed: number, address = '10.0.0.10') {
  const kernel = createKernel({ seed });
  const etcd = createEtcd({ kernel, stamp: stampResourceVersion });
  const server = createApiServer({ kernel, etcd, advertise: { address, port: 6443 } });
  const process = kernel.spawn('client', server.handle({ method: 'POST', url: '/api/v1/namespaces', credentials, body: { metadata: { name: 'mine' } } }), null);
  kernel.run({ until: () => process.state !== 'running' });
  return { entries: etcd.range('/', '0').entries as readonly KeyValue[], revision: etcd.revision, trace: kernel.trace.since(0), happened: kernel.happened };
}

const priorities = ({ entries }: ReturnType<typeof begun>) => entries.filter(({ key }) => key.startsWith('/registry/priorityclasses/')).map(({ value }) => value);

test('a cluster that begins like the one before it shares its objects, and is the same as if it had made them', () => {
  const first = begun(1);
  const second = begun(1);
  expect(priorities(first)).toHaveLength(2);
  priorities(second).forEach((object, index) => expect(object).toBe(priorities(first)[index]));
  begun(2);
  const third = begun(1);
  expect(priorities(third)[0]).not.toBe(priorities(first)[0]);
  const { entries, ...rest } = second;
  const withoutOlder = (all: readonly KeyValue[]) => all.map(({ key, value, createRevision, modRevision, version }) => ({ key, value, createRevision, modRevision, version }));
  expect(withoutOlder(entries)).toEqual(withoutOlder(third.entries));
  expect(rest).toEqual({ revision: third.revision, trace: third.trace, happened: third.happened });
});

test('a cluster with another seed or other options makes its own', () => {
  begun(1);
  const addressOf = ({ entries }: ReturnType<typeof begun>) => (entries.find(({ key }) => key === '/registry/endpointslices/default/kubernetes')?.value as { endpoints?: { addresses: string[] }[] }).endpoints?.[0]?.addresses;
  expect(addressOf(begun(1, '10.0.0.11'))).toEqual(['10.0.0.11']);
  expect(begun(3).entries[0]?.value).not.toEqual(begun(4).entries[0]?.value);
});
