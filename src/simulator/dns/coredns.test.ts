import { beforeAll, expect, test } from 'vitest';
import { createCluster } from '../cluster';
import { minutes, seconds, type Task, within } from '../kernel';
import { decodeMessage, type DnsMessage, encodeMessage, type NetworkNamespace } from '../network';

const manifest = `
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Namespace, metadata: {name: netw}}
- {apiVersion: v1, kind: Service, metadata: {namespace: netw, name: web}, spec: {clusterIP: 10.96.198.44, selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}, {name: u, port: 80, protocol: UDP}]}}
- {apiVersion: v1, kind: Service, metadata: {namespace: netw, name: hl}, spec: {clusterIP: None, selector: {app: web}, ports: [{name: http, port: 80}]}}
- {apiVersion: v1, kind: Service, metadata: {namespace: netw, name: hlempty}, spec: {clusterIP: None, selector: {app: nix}, ports: [{name: http, port: 80}]}}
- {apiVersion: v1, kind: Service, metadata: {namespace: netw, name: ext}, spec: {type: ExternalName, externalName: example.com}}
- {apiVersion: v1, kind: Service, metadata: {namespace: netw, name: extin}, spec: {type: ExternalName, externalName: web.netw.svc.cluster.local}}
- {apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {namespace: netw, name: hl-1, labels: {kubernetes.io/service-name: hl}}, addressType: IPv4, ports: [{name: http, port: 80, protocol: TCP}], endpoints: [{addresses: [10.244.9.3], hostname: one}, {addresses: [10.244.9.4]}, {addresses: [10.244.9.5], conditions: {ready: false}}]}
`;

let ask: (name: string, type: string) => DnsMessage;

beforeAll(() => {
  const cluster = createCluster({ seed: 3, nodes: 1, manifests: [manifest] });
  expect(cluster.settle(minutes(5))).toBe(true);
  cluster.run({ atMost: seconds(5) });
  const client: NetworkNamespace = cluster.network.addHost('asker', '10.0.0.99');
  const pod = cluster.command("kubectl -n kube-system get endpointslices -l kubernetes.io/service-name=kube-dns -o jsonpath='{.items[0].endpoints[0].addresses[0]}'").output.trim();
  ask = (name, type) => {
    const reply = cluster.perform('ask', () => query(client, pod, name, type), seconds(20));
    if (!reply) throw new Error(`no answer from ${pod}`);
    return reply;
  };
});

function* query(client: NetworkNamespace, address: string, name: string, type: string): Task<DnsMessage | undefined> {
  const socket = client.bindDatagram({ port: 0 });
  socket.send({ address, port: 53 }, encodeMessage({ id: 7, response: false, authoritative: false, truncated: false, recursionDesired: true, recursionAvailable: false, code: 'NOERROR', questions: [{ name, type }], answers: [], authority: [], additional: [] }));
  const datagram = yield* within(seconds(10), () => socket.receive());
  socket.close();
  return datagram && decodeMessage(datagram.data);
}

/** The code, and the answers' data. */
function shown(name: string, type: string): string {
  const { code, answers } = ask(name, type);
  const data = answers.map((record) => ('address' in record ? record.address : record.type === 'SRV' ? `${record.priority} ${record.weight} ${record.port} ${record.target}` : 'target' in record ? record.target : record.type === 'TXT' ? record.texts.join() : record.type));
  return [code, ...data.sort()].join(' ');
}

// What CoreDNS 1.14.2 of a real cluster answered to the same questions about the same objects.
test.each([
  ['web.netw.svc.cluster.local', 'A', 'NOERROR 10.96.198.44'],
  ['WEB.netw.svc.cluster.local', 'A', 'NOERROR 10.96.198.44'],
  ['web.netw.svc.cluster.local', 'AAAA', 'NOERROR'],
  ['web.netw.svc.cluster.local', 'TXT', 'NOERROR'],
  ['web.netw.svc.cluster.local', 'SRV', 'NOERROR 0 50 80 web.netw.svc.cluster.local'],
  ['_http._tcp.web.netw.svc.cluster.local', 'SRV', 'NOERROR 0 100 80 web.netw.svc.cluster.local'],
  ['_http._udp.web.netw.svc.cluster.local', 'SRV', 'NXDOMAIN'],
  ['_tcp.web.netw.svc.cluster.local', 'SRV', 'NXDOMAIN'],
  ['hl.netw.svc.cluster.local', 'A', 'NOERROR 10.244.9.3 10.244.9.4'],
  ['hl.netw.svc.cluster.local', 'SRV', 'NOERROR 0 50 80 10-244-9-4.hl.netw.svc.cluster.local 0 50 80 one.hl.netw.svc.cluster.local'],
  ['one.hl.netw.svc.cluster.local', 'A', 'NOERROR 10.244.9.3'],
  ['two.hl.netw.svc.cluster.local', 'A', 'NXDOMAIN'],
  ['hlempty.netw.svc.cluster.local', 'A', 'NXDOMAIN'],
  ['ext.netw.svc.cluster.local', 'AAAA', 'NOERROR example.com'],
  ['ext.netw.svc.cluster.local', 'SRV', 'NOERROR'],
  ['extin.netw.svc.cluster.local', 'A', 'NOERROR 10.96.198.44 web.netw.svc.cluster.local'],
  ['nosuch.netw.svc.cluster.local', 'A', 'NXDOMAIN'],
  ['netw.svc.cluster.local', 'A', 'NOERROR'],
  ['nosuch.svc.cluster.local', 'A', 'NXDOMAIN'],
  ['svc.cluster.local', 'A', 'NOERROR'],
  ['cluster.local', 'NS', 'NOERROR kube-dns.kube-system.svc.cluster.local'],
  ['ns.dns.cluster.local', 'A', 'NOERROR 10.96.0.10'],
  ['10-244-0-99.netw.pod.cluster.local', 'A', 'NOERROR 10.244.0.99'],
  ['10-244-0-3.nosuch.pod.cluster.local', 'A', 'NXDOMAIN'],
  ['foo.netw.pod.cluster.local', 'A', 'NXDOMAIN'],
  ['dns-version.cluster.local', 'TXT', 'NOERROR 1.1.0'],
  ['44.198.96.10.in-addr.arpa', 'PTR', 'NOERROR web.netw.svc.cluster.local'],
  ['3.9.244.10.in-addr.arpa', 'PTR', 'NOERROR one.hl.netw.svc.cluster.local'],
  ['9.9.244.10.in-addr.arpa', 'PTR', 'NXDOMAIN'],
  ['example.com', 'A', 'NXDOMAIN'],
])('%s %s', (name, type, expected) => {
  expect(shown(name, type)).toBe(expected);
});

test('what does not exist comes with the zone\'s SOA', () => {
  const { authority, authoritative, recursionAvailable } = ask('nosuch.cluster.local', 'A');
  expect([authoritative, recursionAvailable]).toEqual([true, false]);
  expect(authority).toMatchObject([{ name: 'cluster.local', ttl: 30, type: 'SOA', primary: 'ns.dns.cluster.local', mailbox: 'hostmaster.cluster.local', refresh: 7200, retry: 1800, expire: 86400, minimum: 30 }]);
});
