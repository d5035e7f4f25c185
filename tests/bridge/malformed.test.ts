import http2 from 'node:http2';
import https from 'node:https';
import tls from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bridge, startBridge } from '../../src/bridge';

/** What Kubernetes 1.36.3 says of a method that a path does not have. */
const notAllowed = { code: 405, details: {}, message: 'the server does not allow this method on the requested resource', reason: 'MethodNotAllowed' };

let bridge: Bridge;
let token = '';
const defects: unknown[] = [];
const configMaps = '/api/v1/namespaces/default/configmaps';

beforeAll(async () => {
  bridge = await startBridge({ port: 0, nodes: 1, bare: true }, (error) => defects.push(error));
  token = /token: (\S+)/.exec(bridge.kubeconfig)?.[1] ?? '';
}, 60_000);

afterAll(async () => {
  expect(defects).toEqual([]);
  await bridge.close();
});

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

function send(method: string, path: string, body: string | Buffer = '', headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = https.request(new URL(path, bridge.address), {
      method, rejectUnauthorized: false,
      headers: { authorization: `Bearer ${token}`, accept: 'application/json', ...(body.length > 0 && { 'content-type': 'application/json', 'content-length': String(body.length) }), ...headers },
    }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += String(chunk)));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, type: String(response.headers['content-type']), text }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

const statusOf = ({ text }: Answer): unknown => {
  const { code, reason } = JSON.parse(text) as { code: number; reason: string };
  return [code, reason];
};

const alive = async (): Promise<void> => {
  expect((await send('GET', '/healthz')).text).toBe('ok');
};

function rawSocket(): Promise<tls.TLSSocket> {
  const { hostname, port } = new URL(bridge.address);
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ host: hostname, port: Number(port), rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] }, () => resolve(socket));
    socket.on('error', reject);
  });
}

/** Everything that comes until the other side hangs up. */
function everything(socket: tls.TLSSocket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += String(chunk)));
    socket.on('close', () => resolve(text));
    socket.on('end', () => socket.end());
  });
}

test('truncated and misnamed bodies', async () => {
  expect(statusOf(await send('POST', configMaps, '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"'))).toEqual([400, 'BadRequest']);
  expect(statusOf(await send('POST', configMaps, 'hello'))).toEqual([400, 'BadRequest']);
  expect(statusOf(await send('POST', configMaps, '[]'))).toEqual([400, 'BadRequest']);
  expect(statusOf(await send('POST', configMaps, '<a/>', { 'content-type': 'application/xml' }))).toEqual([415, 'UnsupportedMediaType']);
  expect(statusOf(await send('PATCH', `${configMaps}/kube-root-ca.crt`, '{}'))).toEqual([415, 'UnsupportedMediaType']);
});

test('representations that nothing is sent as', async () => {
  const list = await send('GET', configMaps, '', { accept: 'text/html' });
  expect(JSON.parse(list.text)).toMatchObject({ code: 406, details: {}, message: '406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, application/vnd.kubernetes.protobuf, application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch' });
  const one = await send('GET', `${configMaps}/kube-root-ca.crt`, '', { accept: 'application/cbor' });
  expect(JSON.parse(one.text)).toMatchObject({ code: 406, message: '406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, application/vnd.kubernetes.protobuf' });
});

test('bytes that are no protobuf', async () => {
  const type = { 'content-type': 'application/vnd.kubernetes.protobuf' };
  for (const bytes of [Buffer.from('k8s\0\x0a\xff\xff', 'latin1'), Buffer.from('abc'), Buffer.from('k8s\0'), Buffer.concat([Buffer.from('k8s\0'), Buffer.alloc(5000, 0xff)])]) {
    expect((await send('POST', configMaps, bytes, type)).status).toBe(400);
  }
  await alive();
});

test('a body of 100 MB is refused, and not kept', { timeout: 60_000 }, async () => {
  const before = process.memoryUsage().rss;
  const client = http2.connect(bridge.address, { rejectUnauthorized: false });
  const request = client.request({ ':method': 'POST', ':path': configMaps, authorization: `Bearer ${token}`, 'content-type': 'application/json' });
  const status = new Promise<number>((resolve) => request.on('response', (headers) => resolve(Number(headers[':status']))));
  const chunk = Buffer.alloc(1024 * 1024, 'a');
  for (let sent = 0; sent < 100 && !request.closed; sent++) if (!request.write(chunk)) await new Promise((resolve) => request.once('drain', resolve));
  request.end();
  expect(await status).toBe(413);
  client.close();
  expect(process.memoryUsage().rss - before).toBeLessThan(80 * 1024 * 1024);
  await alive();
});

test('methods and addresses that mean nothing', async () => {
  expect(JSON.parse((await send('OPTIONS', configMaps)).text)).toMatchObject(notAllowed);
  const socket = await rawSocket();
  const answer = everything(socket);
  socket.write(`FOO ${configMaps} HTTP/1.1\r\nHost: a\r\n\r\n`);
  const text = await answer;
  expect(text).toMatch(/^HTTP\/1\.1 405 /);
  expect(JSON.parse(text.slice(text.indexOf('\r\n\r\n')))).toMatchObject(notAllowed);
  expect(await send('GET', `${configMaps}/%zz`)).toEqual({ status: 400, type: 'text/plain; charset=utf-8', text: '400 Bad Request' });
});

test('what is no HTTP is told so', async () => {
  const socket = await rawSocket();
  const answer = everything(socket);
  socket.write('\0\0\0 hello\r\n\r\n');
  expect(await answer).toMatch(/^HTTP\/1\.1 40[05] /);
  await alive();
});

test('clients that stop in the middle hold nobody up', async () => {
  const sockets = await Promise.all(Array.from({ length: 50 }, rawSocket));
  for (const [index, socket] of sockets.entries()) {
    socket.on('error', () => undefined);
    if (index % 3 === 0) socket.write('GET /api/v1/nodes HT');
    else if (index % 3 === 1) socket.write(`POST ${configMaps} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"apiVer`);
    else socket.write(`GET /api/v1/pods?watch=1 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n\r\n`);
  }
  await alive();
  for (const socket of sockets) socket.destroy();
  await alive();
});

test('a watch goes on through all of this', async () => {
  const socket = await rawSocket();
  let seen = '';
  socket.on('data', (chunk: Buffer) => (seen += String(chunk)));
  socket.write(`GET ${configMaps}?watch=1&fieldSelector=metadata.name%3Dlate HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n\r\n`);
  await send('POST', configMaps, '{"apiVersion":"v1","kind":"Con');
  expect((await send('POST', configMaps, JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'late' } }))).status).toBe(201);
  while (!seen.includes('"type":"ADDED"')) await new Promise((resolve) => setTimeout(resolve, 20));
  socket.destroy();
});
