import { readFileSync } from 'node:fs';
import https from 'node:https';
import process from 'node:process';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { startBridge } from '../../bridge';
import { allResources } from '../../simulator/api';
import { Chance, Generator, smaller } from './generate';

interface Server {
  readonly address: string;
  readonly token: string;
}

interface Case {
  readonly path: string;
  readonly body: unknown;
}

const agent = new https.Agent({ keepAlive: true, rejectUnauthorized: false, maxSockets: 1 });

const serverOf = (kubeconfig: string): Server => ({
  address: /server: ?"?([^"\s,}]+)/.exec(kubeconfig)?.[1] ?? '',
  token: /token: ?"?([^"\s,}]+)/.exec(kubeconfig)?.[1] ?? '',
});

/** What no two servers share. */
const hidden = new Set(['uid', 'creationTimestamp', 'resourceVersion', 'time', 'managedFields', 'clusterIP', 'clusterIPs', 'nodePort', 'lastTransitionTime']);

/** Causes may come in any order where a map is walked. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !hidden.has(key)).sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, one]) => [key, comparable(one)]));
}

function send({ address, token }: Server, { path, body }: Case): Promise<unknown> {
  const bytes = Buffer.from(JSON.stringify(body));
  return new Promise((resolve, reject) => {
    const request = https.request(new URL(path, address), {
      method: 'POST', agent, headers: { authorization: `Bearer ${token}`, accept: 'application/json', 'content-type': 'application/json', 'content-length': bytes.length },
    }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += String(chunk)));
      response.on('end', () => resolve({ status: response.statusCode, warnings: response.headers['warning'] ?? '', body: text.startsWith('{') ? comparable(JSON.parse(text)) : text }));
    });
    request.on('error', reject);
    request.end(bytes);
  });
}

const left = new Set(['componentstatuses', 'bindings', 'events', 'nodes', 'namespaces', 'customresourcedefinitions', 'apiservices', 'certificatesigningrequests', 'tokenreviews', 'subjectaccessreviews', 'localsubjectaccessreviews', 'selfsubjectaccessreviews', 'selfsubjectrulesreviews', 'selfsubjectreviews']);

/** The next request of a run: creates without effect, of any kind, checked as strictly as chance will have it. */
function makeCase(chance: Chance): Case {
  const picked = chance.pick([...allResources()].filter(({ resource: plural, verbs }) => verbs.includes('create') && !left.has(plural)));
  const { group, version, kind, resource, namespaced, type } = picked;
  const generator = new Generator(chance, chance.pick([0, 0.01, 0.05]));
  const prefix = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const validation = chance.pick(['Strict', 'Warn', 'Ignore']);
  const metadata = { name: chance.pick(['fuzzed', 'fuzzed', 'fuzzed', 'a.b', 'Bad_Name']), ...(chance.happens(0.2) && { labels: { app: chance.pick(['a', '-', 'b b']) } }) };
  return {
    path: `${prefix}/${namespaced ? 'namespaces/default/' : ''}${resource}?dryRun=All&fieldValidation=${validation}`,
    body: { apiVersion: group === '' ? version : `${group}/${version}`, kind, metadata, ...generator.object(type) },
  };
}

type Compare = (one: Case) => Promise<readonly [unknown, unknown] | undefined>;

/** The smallest request found by leaving parts out that is still answered differently. Its name and kind stay. */
async function minimised(found: Case, differs: Compare): Promise<Case> {
  let failing = found;
  const whole = ({ body }: Case): boolean => {
    const { apiVersion, kind, metadata } = body as { apiVersion?: unknown; kind?: unknown; metadata?: { name?: unknown } };
    return apiVersion !== undefined && kind !== undefined && metadata?.name !== undefined;
  };
  for (let shrunk = true; shrunk; ) {
    shrunk = false;
    for (const body of smaller(failing.body)) {
      const candidate = { ...failing, body };
      if (!whole(candidate) || !(await differs(candidate))) continue;
      failing = candidate;
      shrunk = true;
      break;
    }
  }
  return failing;
}

/**
 * npm run fuzz:api -- [--seed N] [--count N] [--kubeconfig FILE] [--all]: the same random requests to Kubernetes and to the
 * simulator; ends at the first difference, or goes on with --all.
 */
export async function fuzzCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { seed: { type: 'string', default: '1' }, count: { type: 'string', default: '1000' }, all: { type: 'boolean', default: false }, kubeconfig: { type: 'string', default: process.env['KUBECONFIG'] ?? '' } } });
  if (values.kubeconfig === '') throw new Error('no Kubernetes to compare with: pass --kubeconfig or set KUBECONFIG');
  const chance = new Chance(Number(values.seed));
  const defects: unknown[] = [];
  const bridge = await startBridge({ port: 0, nodes: 1, bare: true }, (error) => defects.push(error));
  const [real, ours] = [serverOf(readFileSync(values.kubeconfig, 'utf8')), serverOf(bridge.kubeconfig)];
  const differs: Compare = async (one) => {
    const answers = await Promise.all([send(real, one), send(ours, one)]);
    return isDeepStrictEqual(answers[0], answers[1]) ? undefined : [answers[0], answers[1]];
  };
  try {
    let wrong = 0;
    for (let number = 0; number < Number(values.count) && (wrong === 0 || values.all); number++) {
      const one = makeCase(chance);
      if (!(await differs(one))) continue;
      wrong += 1;
      const failing = await minimised(one, differs);
      const [expected, actual] = (await differs(failing)) ?? [];
      process.stdout.write(`seed ${values.seed}, request ${number}: POST ${failing.path}\n${JSON.stringify(failing.body)}\nKubernetes: ${JSON.stringify(expected)}\nsimulator:  ${JSON.stringify(actual)}\n\n`);
    }
    if (wrong === 0) process.stdout.write(`seed ${values.seed}: ${values.count} requests without a difference\n`);
    else if (values.all) process.stdout.write(`seed ${values.seed}: ${wrong} of ${values.count} requests differ\n`);
    return wrong === 0 && defects.length === 0 ? 0 : 1;
  } finally {
    agent.destroy();
    await bridge.close();
  }
}
