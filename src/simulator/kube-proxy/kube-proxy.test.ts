import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { EndpointSlice, Service } from '../api';
import { sha256, utf8Encode } from '../kernel';
import { iptablesSave, isProxied, ruleOf, serviceChain, servicePorts } from './index';

interface Recorded {
  readonly services: readonly Service[];
  readonly slices: readonly EndpointSlice[];
}
const recorded = JSON.parse(readFileSync(new URL('testdata/objects.json', import.meta.url), 'utf8')) as Recorded;
const slicesOf = (service: Service) => recorded.slices.filter((slice) => slice.metadata?.namespace === service.metadata?.namespace && slice.metadata?.labels?.['kubernetes.io/service-name'] === service.metadata?.name);

test('the listing of a recorded node is the recorded one, whatever the order of Services', () => {
  const ports = recorded.services.filter(isProxied).flatMap((service) => servicePorts(service, slicesOf(service), { nodeName: 'real-0', zone: undefined }));
  const printed = (['nat', 'filter', 'mangle'] as const).map((table) => iptablesSave({ ports, clusterCIDR: '10.244.0.0/16', now: 0 }, table)).join('');
  const lines = printed.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const wanted = readFileSync(new URL('testdata/rules.txt', import.meta.url), 'utf8').trim().split('\n');
  expect([...lines].sort()).toEqual([...wanted].sort());
  expect(lines.filter((line) => line.startsWith(':'))).toEqual(wanted.filter((line) => line.startsWith(':')));
});

test('SHA-256', () => {
  const hex = (text: string) => [...sha256(utf8Encode(text))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  expect(hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(hex('a'.repeat(119))).toBe('31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcfb');
  expect(serviceChain('SVC', 'default/kubernetes:https', 'TCP')).toBe('KUBE-SVC-NPX46M4PTMTKRN6Y');
});

const service = (spec: object): Service => ({ metadata: { namespace: 'a', name: 'web' }, spec: { clusterIP: '10.96.0.9', ports: [{ port: 80 }], ...spec } });
const slice = (endpoints: NonNullable<EndpointSlice['endpoints']>): EndpointSlice => ({ addressType: 'IPv4', ports: [{ name: '', port: 8080, protocol: 'TCP' }], endpoints });
const place = { nodeName: 'n1', zone: 'z1' };
const chosen = (spec: object, endpoints: NonNullable<EndpointSlice['endpoints']>) => servicePorts(service(spec), [slice(endpoints)], place)[0];
const addresses = (list: readonly { readonly address: string }[] = []) => list.map(({ address }) => address);

test('terminating endpoints that still serve are used only while nobody is ready', () => {
  const leaving = { addresses: ['1.1.1.1'], conditions: { ready: false, serving: true, terminating: true } };
  const gone = { addresses: ['1.1.1.2'], conditions: { ready: false, serving: false, terminating: true } };
  const ready = { addresses: ['1.1.1.3'], conditions: { ready: true } };
  expect(addresses(chosen({}, [leaving, gone])?.cluster)).toEqual(['1.1.1.1']);
  expect(addresses(chosen({}, [leaving, gone, ready])?.cluster)).toEqual(['1.1.1.3']);
});

test('hints hold when every endpoint has them and one is for here', () => {
  const hinted = (address: string, zone: string) => ({ addresses: [address], hints: { forZones: [{ name: zone }] } });
  expect(addresses(chosen({}, [hinted('1.1.1.1', 'z1'), hinted('1.1.1.2', 'z2')])?.cluster)).toEqual(['1.1.1.1']);
  expect(addresses(chosen({}, [hinted('1.1.1.1', 'z3'), hinted('1.1.1.2', 'z2')])?.cluster)).toEqual(['1.1.1.1', '1.1.1.2']);
  expect(addresses(chosen({}, [hinted('1.1.1.1', 'z1'), { addresses: ['1.1.1.2'] }])?.cluster)).toEqual(['1.1.1.1', '1.1.1.2']);
});

test('a local policy makes a rule of the endpoints of this node', () => {
  const endpoints = [{ addresses: ['1.1.1.1'], nodeName: 'n1' }, { addresses: ['1.1.1.2'], nodeName: 'n2' }];
  const info = chosen({ type: 'NodePort', externalTrafficPolicy: 'Local', ports: [{ port: 80, nodePort: 30080 }] }, endpoints);
  expect(info && ruleOf(info)).toEqual({
    name: 'a/web', protocol: 'TCP', virtual: [{ address: '10.96.0.9', port: 80 }], endpoints: [{ address: '1.1.1.1', port: 8080 }, { address: '1.1.1.2', port: 8080 }],
    nodePort: 30080, external: { addresses: [], endpoints: [{ address: '1.1.1.1', port: 8080 }], local: true },
  });
});

test('headless Services, external names and Services of another proxy are not proxied', () => {
  expect([{ clusterIP: 'None' }, { type: 'ExternalName' }, {}].map((spec) => isProxied(service(spec)))).toEqual([false, false, true]);
});
