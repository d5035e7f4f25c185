import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';

const root = path.resolve(import.meta.dirname, '../..');
let folder = '';
let child: ChildProcess | undefined;

beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'kube-dojang-data-'))));
afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

interface Config {
  readonly clusters: readonly [{ readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string } }];
  readonly users: readonly [{ readonly user: Readonly<Record<'token' | 'client-certificate-data' | 'client-key-data', string>> }];
}

/** Starts `npm run cluster` on the folder; gives how to reach it once it is ready. */
async function start(...options: string[]): Promise<Config> {
  const file = path.join(folder, 'kubeconfig');
  child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/index.ts', 'cluster', '--port', '0', '--nodes', '1', '--data', path.join(folder, 'data'), '--kubeconfig', file, ...options], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout as NodeJS.ReadableStream, 'data');
  return parse(readFileSync(file, 'utf8')) as Config;
}

interface Answer {
  readonly status: number | undefined;
  readonly body: { readonly metadata: { readonly name: string; readonly uid: string; readonly resourceVersion: string }; readonly status: { readonly token?: string; readonly userInfo?: { readonly username: string } } };
}

const decode = (text: string): Buffer => Buffer.from(text, 'base64');

/** A request of the admin, by certificate; or of whoever the token names. */
function send({ clusters: [{ cluster }], users: [{ user }] }: Config, method: string, url: string, body?: object, token?: string): Promise<Answer> {
  const who = token === undefined ? { cert: decode(user['client-certificate-data']), key: decode(user['client-key-data']) } : { headers: { authorization: `Bearer ${token}` } };
  return new Promise((resolve, reject) => {
    const request = https.request(new URL(url, cluster.server), { method, agent: false, ca: decode(cluster['certificate-authority-data']), ...who }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += String(chunk)));
      response.on('end', () => resolve({ status: response.statusCode, body: JSON.parse(text) as Answer['body'] }));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body && JSON.stringify(body));
  });
}

const configMaps = '/api/v1/namespaces/default/configmaps';

test('a cluster that is killed in the middle of its work comes back with all but the last second of it, and the same secrets', { timeout: 120_000 }, async () => {
  const before = await start('--bare');
  const { body: issued } = await send(before, 'POST', '/api/v1/namespaces/default/serviceaccounts/default/token', { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} });
  const acknowledged: { readonly at: number; readonly answer: Answer }[] = [];
  setTimeout(() => child?.kill('SIGKILL'), 2500);
  for (let number = 0; ; number++) {
    try {
      const answer = await send(before, 'POST', configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `number-${number}` } });
      acknowledged.push({ at: Date.now(), answer });
    } catch {
      break;
    }
  }
  const killed = Date.now();
  const safe = acknowledged.filter(({ at }) => at < killed - 1000);
  expect(safe.length).toBeGreaterThan(10);

  const after = await start('--bare');
  for (const { answer } of safe) expect((await send(after, 'GET', `${configMaps}/${answer.body.metadata.name}`)).body.metadata).toEqual(answer.body.metadata);
  const { body: next } = await send(after, 'POST', configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'next' } });
  expect(Number(next.metadata.resourceVersion)).toBeGreaterThan(Number(safe.at(-1)?.answer.body.metadata.resourceVersion));
  expect(acknowledged.map(({ answer }) => answer.body.metadata.uid)).not.toContain(next.metadata.uid);
  expect(after.clusters[0].cluster['certificate-authority-data']).toBe(before.clusters[0].cluster['certificate-authority-data']);
  const old = { ...after, users: before.users };
  expect((await send(old, 'GET', configMaps)).status).toBe(200);
  expect((await send(old, 'GET', configMaps, undefined, before.users[0].user.token)).status).toBe(200);
  const review = await send(old, 'POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }, issued.status.token);
  expect(review.body.status.userInfo?.username).toBe('system:serviceaccount:default:default');
});
