import { expect, test } from 'vitest';
import { decodeMessage, type DnsMessage, encodeMessage, reverseName } from './index';

const message: DnsMessage = {
  id: 4711, response: true, authoritative: true, truncated: false, recursionDesired: true, recursionAvailable: false, code: 'NXDOMAIN',
  questions: [{ name: 'web.default.svc.cluster.local', type: 'A' }],
  answers: [
    { name: 'web.default.svc.cluster.local', ttl: 30, type: 'A', address: '10.96.0.1' },
    { name: '_http._tcp.web.default.svc.cluster.local', ttl: 30, type: 'SRV', priority: 0, weight: 100, port: 80, target: 'web.default.svc.cluster.local' },
    { name: 'x.local', ttl: 5, type: 'TXT', texts: ['1.1.0', 'two'] },
    { name: 'x.local', ttl: 5, type: 'AAAA', address: 'fd00::1' },
  ],
  authority: [{ name: 'cluster.local', ttl: 30, type: 'SOA', primary: 'ns.dns.cluster.local', mailbox: 'hostmaster.cluster.local', serial: 1_767_225_600, refresh: 7200, retry: 1800, expire: 86400, minimum: 30 }],
  additional: [],
  bufferSize: 1232,
};

test('a message survives the wire, its names shortened by pointers', () => {
  const bytes = encodeMessage(message);
  expect(decodeMessage(bytes)).toEqual(message);
  expect(bytes.length).toBeLessThan(260);
});

test('garbage is no message', () => {
  expect(decodeMessage(new Uint8Array([1, 2, 3]))).toBeUndefined();
  expect(decodeMessage(encodeMessage(message).slice(0, 60))).toBeUndefined();
  expect(decodeMessage(Uint8Array.from([0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 12, 0, 1, 0, 1]))).toBeUndefined();
});

test('reverse names', () => {
  expect(reverseName('10.96.0.1')).toBe('1.0.96.10.in-addr.arpa');
  expect(reverseName('web')).toBeUndefined();
});
