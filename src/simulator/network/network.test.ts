import { expect, test } from 'vitest';
import { createKernel, milliseconds, seconds, sleep, utf8Decode, utf8Encode, type Kernel, type Task } from '../kernel';
import { createNetwork, encodeResponse, httpRequest, NetworkError, serveHttp, type Connection, type Network, type NetworkNamespace, type NetworkNode } from './index';

interface World {
  kernel: Kernel;
  network: Network;
  node1: NetworkNode;
  node2: NetworkNode;
  client: NetworkNamespace;
  server: NetworkNamespace;
}

function world(): World {
  const kernel = createKernel();
  const network = createNetwork({ kernel });
  const node1 = network.addNode('node-1', '172.18.0.2');
  const node2 = network.addNode('node-2', '172.18.0.3');
  node1.podRange = '10.244.1.0/24';
  node2.podRange = '10.244.2.0/24';
  return { kernel, network, node1, node2, client: node1.createPodNamespace('client'), server: node2.createPodNamespace('server') };
}

/** Runs a task to its end and gives its result, or the error's code. */
function run<T>(kernel: Kernel, task: Task<T>): T | string {
  let result: T | string | undefined;
  kernel.spawn('test', (function* () {
    try {
      result = yield* task;
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      result = error.code;
    }
  })(), null);
  kernel.run({ until: () => result !== undefined, to: kernel.now + seconds(2000) });
  return result as T | string;
}

/** Answers every connection with the caller's address, as the server sees it, and its own. */
function serve(kernel: Kernel, server: NetworkNamespace, port = 80): void {
  const listener = server.listen({ port });
  kernel.spawn('server', (function* (): Task {
    for (;;) {
      const connection = yield* listener.accept();
      if (!connection) return;
      yield* connection.write(utf8Encode(`${connection.remote.address} → ${connection.local.address}:${connection.local.port}`));
      connection.end();
    }
  })(), null);
}

function* ask(from: NetworkNamespace, address: string, port = 80, timeout = seconds(5)): Task<string> {
  const connection = yield* from.connect({ address, port }, { timeout });
  let text = '';
  for (let part = yield* connection.read(); part; part = yield* connection.read()) text += utf8Decode(part);
  connection.close();
  return text;
}

test('pods talk across nodes without translation; a port without listener refuses', () => {
  const { kernel, client, server } = world();
  serve(kernel, server);
  expect(run(kernel, ask(client, '10.244.2.2'))).toBe('10.244.1.2 → 10.244.2.2:80');
  expect(run(kernel, ask(client, '10.244.2.2', 81))).toBe('ECONNREFUSED');
  expect(run(kernel, ask(client, '127.0.0.1'))).toBe('ECONNREFUSED');
  expect(run(kernel, ask(server, '127.0.0.1'))).toBe('127.0.0.1 → 127.0.0.1:80');
});

test('unknown addresses time out, or are unreachable where ARP would ask for them', () => {
  const { kernel, client } = world();
  const start = kernel.now;
  expect(run(kernel, ask(client, '10.96.3.4'))).toBe('ETIMEDOUT');
  expect(kernel.now - start).toBe(seconds(5));
  expect(run(kernel, ask(client, '10.244.2.77'))).toBe('EHOSTUNREACH');
  expect(run(kernel, ask(client, '10.244.77.77'))).toBe('ETIMEDOUT');
});

test('a service leads to its endpoints, an empty one refuses, another port of its address times out', () => {
  const { kernel, client, server, node1, node2 } = world();
  const second = node2.createPodNamespace('second');
  serve(kernel, server, 8080);
  serve(kernel, second, 8080);
  const virtual = [{ address: '10.96.0.9', port: 80 }];
  const endpoints = [{ address: '10.244.2.2', port: 8080 }, { address: '10.244.2.3', port: 8080 }];
  node1.rules.replace([{ name: 'a/web', protocol: 'TCP', virtual, endpoints }, { name: 'a/empty', protocol: 'TCP', virtual: [{ address: '10.96.0.10', port: 80 }], endpoints: [] }]);
  const answers = new Set(Array.from({ length: 20 }, () => run(kernel, ask(client, '10.96.0.9'))));
  expect([...answers].sort()).toEqual(['10.244.1.2 → 10.244.2.2:8080', '10.244.1.2 → 10.244.2.3:8080']);
  expect(run(kernel, ask(client, '10.96.0.10'))).toBe('ECONNREFUSED');
  expect(run(kernel, ask(client, '10.96.0.9', 81))).toBe('ETIMEDOUT');
  node1.rules.replace([{ name: 'a/web', protocol: 'TCP', virtual, endpoints, affinitySeconds: 10800 }]);
  expect(new Set(Array.from({ length: 20 }, () => run(kernel, ask(client, '10.96.0.9')))).size).toBe(1);
});

test('a pod reaches itself through its service by hairpin, seen as its bridge', () => {
  const { kernel, server, node2 } = world();
  serve(kernel, server, 8080);
  node2.rules.replace([{ name: 'a/web', protocol: 'TCP', virtual: [{ address: '10.96.0.9', port: 80 }], endpoints: [{ address: '10.244.2.2', port: 8080 }] }]);
  expect(run(kernel, ask(server, '10.96.0.9'))).toBe('10.244.2.1 → 10.244.2.2:8080');
});

test('node ports: any node forwards with its own address, policy Local keeps the client and drops elsewhere', () => {
  const { kernel, network, client, server, node1, node2 } = world();
  serve(kernel, server, 8080);
  const outside = network.addHost('workstation', '192.168.1.5');
  const endpoints = [{ address: '10.244.2.2', port: 8080 }];
  const rule = { name: 'a/web', protocol: 'TCP', virtual: [{ address: '10.96.0.9', port: 80 }], endpoints, nodePort: 30080 } as const;
  for (const node of [node1, node2]) node.rules.replace([{ ...rule, external: { addresses: [], endpoints, local: false } }]);
  expect(run(kernel, ask(outside, '172.18.0.2', 30080))).toBe('172.18.0.2 → 10.244.2.2:8080');
  expect(run(kernel, ask(outside, '172.18.0.3', 30080))).toBe('10.244.2.1 → 10.244.2.2:8080');
  expect(run(kernel, ask(node1.host, '127.0.0.1', 30080))).toBe('172.18.0.2 → 10.244.2.2:8080');
  expect(run(kernel, ask(client, '172.18.0.3', 30080))).toBe('10.244.2.1 → 10.244.2.2:8080');
  node1.rules.replace([{ ...rule, external: { addresses: [], endpoints: [], local: true } }]);
  node2.rules.replace([{ ...rule, external: { addresses: [], endpoints, local: true } }]);
  expect(run(kernel, ask(outside, '172.18.0.2', 30080))).toBe('ETIMEDOUT');
  expect(run(kernel, ask(outside, '172.18.0.3', 30080))).toBe('192.168.1.5 → 10.244.2.2:8080');
  const undo = node1.forwardHostPort('TCP', { port: 8888 }, { address: '10.244.2.2', port: 8080 });
  expect(run(kernel, ask(outside, '172.18.0.2', 8888))).toBe('192.168.1.5 → 10.244.2.2:8080');
  undo();
  expect(run(kernel, ask(outside, '172.18.0.2', 8888))).toBe('ECONNREFUSED');
});

test('UDP through a service: replies come from the service, a tracked flow outlives its endpoint until forgotten', () => {
  const { kernel, client, server, node1, node2 } = world();
  const second = node2.createPodNamespace('second');
  const virtual = { address: '10.96.0.53', port: 53 };
  const rule = (address: string) => [{ name: 'a/dns', protocol: 'UDP', virtual: [virtual], endpoints: [{ address, port: 53 }] } as const];
  for (const [name, namespace] of [['one', server], ['two', second]] as const) {
    const socket = namespace.bindDatagram({ port: 53 });
    kernel.spawn(name, (function* (): Task {
      for (let datagram = yield* socket.receive(); datagram; datagram = yield* socket.receive()) socket.send(datagram.from, utf8Encode(name));
    })(), null);
  }
  node1.rules.replace(rule('10.244.2.2'));
  const socket = client.bindDatagram({ port: 0, peer: virtual });
  const query = function* (): Task<string> {
    socket.send(virtual, utf8Encode('?'));
    const answer = yield* socket.receive();
    return answer ? `${utf8Decode(answer.data)} from ${answer.from.address}` : 'closed';
  };
  expect(run(kernel, query())).toBe('one from 10.96.0.53');
  node1.rules.replace(rule('10.244.2.3'));
  expect(run(kernel, query())).toBe('one from 10.96.0.53');
  node1.rules.forgetDatagramFlows(virtual, { address: '10.244.2.2', port: 53 });
  expect(run(kernel, query())).toBe('two from 10.96.0.53');
  node1.rules.replace([]);
  const closed = client.bindDatagram({ port: 0, peer: { address: '10.244.2.2', port: 99 } });
  closed.send({ address: '10.244.2.2', port: 99 }, utf8Encode('?'));
  expect(run(kernel, closed.receive())).toBe('ECONNREFUSED');
});

test('FIN, RST and TIME_WAIT', () => {
  const { kernel, client, server } = world();
  const listener = server.listen({ port: 80 });
  const ends = run(kernel, (function* (): Task<[Connection, Connection]> {
    const mine = yield* client.connect({ address: '10.244.2.2', port: 80 });
    return [mine, (yield* listener.accept()) as Connection];
  })()) as [Connection, Connection];
  const states = () => [client, server].map((one) => one.sockets().find(({ state }) => state !== 'LISTEN')?.state);
  expect(states()).toEqual(['ESTABLISHED', 'ESTABLISHED']);
  ends[0].end();
  kernel.run({ to: kernel.now + milliseconds(1) });
  expect(states()).toEqual(['FIN_WAIT2', 'CLOSE_WAIT']);
  expect(run(kernel, (function* (): Task<string> {
    yield* ends[1].write(utf8Encode('late'));
    ends[1].close();
    return utf8Decode((yield* ends[0].read()) as Uint8Array) + String(yield* ends[0].read());
  })())).toBe('lateundefined');
  kernel.run({ to: kernel.now + milliseconds(1) });
  expect(states()).toEqual(['TIME_WAIT', undefined]);
  kernel.run({ to: kernel.now + seconds(61) });
  expect(states()).toEqual([undefined, undefined]);
});

test('writing to an end that was closed brings ECONNRESET, then EPIPE', () => {
  const { kernel, client, server } = world();
  serve(kernel, server);
  expect(run(kernel, (function* (): Task<string> {
    const connection = yield* client.connect({ address: '10.244.2.2', port: 80 });
    yield* sleep(milliseconds(5));
    server.close();
    const codes: string[] = [];
    for (let i = 0; i < 2; i++) {
      yield* sleep(milliseconds(5));
      try {
        yield* connection.write(utf8Encode('x'));
      } catch (error) {
        codes.push((error as NetworkError).code);
      }
    }
    return codes.join();
  })())).toMatch(/^(ECONNRESET|EPIPE),EPIPE$/);
});

test('a writer waits while nobody reads; a cut link holds what is sent and gives up after a quarter of an hour', () => {
  const { kernel, network, client, server } = world();
  const listener = server.listen({ port: 80 });
  let written = 0;
  let failed = '';
  kernel.spawn('writer', (function* (): Task {
    const connection = yield* client.connect({ address: '10.244.2.2', port: 80 });
    try {
      for (;;) {
        yield* connection.write(new Uint8Array(10_000));
        written += 10_000;
      }
    } catch (error) {
      failed = (error as NetworkError).code;
    }
  })(), null);
  kernel.run({ to: kernel.now + seconds(1) });
  expect(written).toBe(260_000);
  const accepted = run(kernel, listener.accept()) as Connection;
  const first = run(kernel, accepted.read()) as Uint8Array;
  expect(first.length).toBe(10_000);
  kernel.run({ to: kernel.now + seconds(1) });
  expect(written).toBe(270_000);
  network.setLink('node-1', 'node-2', { cut: true });
  run(kernel, accepted.read());
  kernel.run({ to: kernel.now + seconds(60) });
  expect(failed).toBe('');
  kernel.run({ to: kernel.now + seconds(900) });
  expect(failed).toBe('ETIMEDOUT');
});

test('loss delays by retransmission and loses nothing; ping hears of it', () => {
  const { kernel, network, client, server } = world();
  network.setLink('client', 'server', { loss: 0.3, delay: milliseconds(10) });
  serve(kernel, server);
  for (let i = 0; i < 20; i++) expect(run(kernel, ask(client, '10.244.2.2', 80, seconds(60)))).toBe('10.244.1.2 → 10.244.2.2:80');
  const pings = Array.from({ length: 50 }, () => run(kernel, (function* (): Task<number> {
    return (yield* client.ping('10.244.2.2', seconds(1))) ?? -1;
  })()) as number);
  const lost = pings.filter((time) => time < 0).length;
  expect(lost).toBeGreaterThan(5);
  expect(lost).toBeLessThan(45);
  expect(Math.min(...pings.filter((time) => time > 0))).toBeGreaterThanOrEqual(milliseconds(20));
});

test('a full backlog keeps clients waiting', () => {
  const { kernel, client, server } = world();
  const listener = server.listen({ port: 80, backlog: 1 });
  run(kernel, client.connect({ address: '10.244.2.2', port: 80 }));
  expect(run(kernel, client.connect({ address: '10.244.2.2', port: 80 }, { timeout: seconds(2) }))).toBe('ETIMEDOUT');
  run(kernel, listener.accept());
  expect(run(kernel, client.connect({ address: '10.244.2.2', port: 80 }))).toHaveProperty('remote');
});

test('ports are free again: more requests through a service, one after the other, than there are ports', () => {
  const { kernel, client, server, node1 } = world();
  node1.rules.replace([{ name: 'a/web', protocol: 'TCP', virtual: [{ address: '10.96.0.9', port: 80 }], endpoints: [{ address: '10.244.2.2', port: 8080 }] }]);
  kernel.spawn('server', serveHttp({ listener: server.listen({ port: 8080 }), spawn: (name, task) => void kernel.spawn(name, task, null), *handle() { return { status: 200, body: 'hello\n' }; } }), null);
  const answered = run(kernel, (function* (): Task<number> {
    let done = 0;
    while (done < 30_000 && (yield* httpRequest(client, { address: '10.96.0.9', port: 80 }, { target: '/' })).status === 200) done += 1;
    return done;
  })());
  expect(answered).toBe(30_000);
});

test('responses are written with the reason of their status', () => {
  expect(utf8Decode(encodeResponse({ version: 'HTTP/1.1', status: 404, headers: [['A', 'b']] }))).toBe('HTTP/1.1 404 Not Found\r\nA: b\r\n\r\n');
});
