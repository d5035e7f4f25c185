import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { utf8Decode, utf8Encode } from '../kernel';
import { createCluster, type Cluster } from '../cluster';
import { minutes, type Task } from '../kernel';
import { kubectl, type KubectlHost } from '.';

/*
 * Replays recorded conversations with the real kubectl on a simulated control plane with hollow nodes. Steps that
 * are one kubectl command (with a here-document at most) or write a file are run, the others are passed over: a shell is
 * another part's concern. Where a step that was passed over mattered, the conversation differs and is not pinned.
 */
const folder = ['tests/transcripts', '../shared/transcripts'].map((name) => path.resolve(name, 'kubectl')).find((name) => existsSync(name));

/** Files whose conversations match wholly today; the list only grows. */
const matching = new Set([
  'apply/diff.txt',
  'change/label-and-annotate.txt',
  'change/scale-and-autoscale.txt',
  'change/set.txt',
  'create/deployment.txt',
  'create/ingress.txt',
  'create/job-and-cronjob.txt',
  'create/role-and-binding.txt',
  'create/run.txt',
  'create/service.txt',
  'create/serviceaccount-and-token.txt',
  'describe/deployment.txt',
  'describe/job.txt',
  'describe/namespace-quota-limits.txt',
  'describe/pod-init-and-sidecar.txt',
  'describe/pod-running.txt',
  'describe/rbac.txt',
  'describe/replicaset.txt',
  'discovery/api-resources.txt',
  'errors/forbidden.txt',
  'errors/logs-exec-and-friends.txt',
  'errors/strict-decoding.txt',
  'get/custom-columns.txt',
  'get/every-workload-table.txt',
  'get/nothing-found.txt',
  'get/pods-formats.txt',
  'get/sort-by.txt',
  'stories/dashboard-access.txt',
  'waiting/wait-for-everything.txt',
]);

interface Step {
  readonly words: readonly string[];
  /** A file to write instead of running anything. */
  readonly file?: string;
  readonly stdin: string;
  readonly output: string;
}

/** The words of a plain command line; undefined when it needs a shell. */
function plainWords(line: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  for (let i = 0; i < line.length; i++) {
    const letter = line[i] as string;
    if (letter === "'" || letter === '"') {
      const end = line.indexOf(letter, i + 1);
      if (end < 0) return undefined;
      const inner = line.slice(i + 1, end);
      if (letter === '"' && /[$`\\]/.test(inner.replaceAll('$ns', ''))) return undefined;
      word = (word ?? '') + inner;
      i = end;
    } else if (/\s/.test(letter)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (/[|;&<>`()\\*?]/.test(letter) || (letter === '$' && !line.startsWith('$ns', i))) return undefined;
    else word = (word ?? '') + letter;
  }
  return word === undefined ? words : [...words, word];
}

function stepsOf(text: string): Step[] {
  const steps: Step[] = [];
  for (const part of text.split(/^(?=\$ )/m).slice(1)) {
    const lines = part.replace(/\n## .*$/s, '\n').trimEnd().split('\n');
    const more = lines.slice(1).findIndex((line) => !/^>( |$)/.test(line));
    const body = (more < 0 ? lines.slice(1) : lines.slice(1, 1 + more)).map((line) => line.slice(2));
    const output = (more < 0 ? [] : lines.slice(1 + more)).join('\n').trim();
    let first = (lines[0] as string).slice(2);
    let stdin = '';
    const document = /^cat <<'EOF' \| (kubectl .* -f -)$/.exec(first) ?? /^(kubectl .*) <<'EOF'$/.exec(first);
    if (document) {
      first = document[1] as string;
      stdin = `${body.slice(0, -1).join('\n')}\n`;
    } else if (body.length > 0) {
      const file = /^cat >(\S+) <<'?EOF'?$/.exec(first)?.[1];
      if (file !== undefined) steps.push({ words: [], file, stdin: `${body.slice(0, -1).join('\n')}\n`, output: '' });
      continue;
    }
    const words = plainWords(first);
    if (!words || words[0] !== 'kubectl') continue;
    steps.push({ words: words.slice(1), stdin, output });
  }
  return steps;
}

function run(cluster: Cluster, namespace: string, { stdin, words }: Step, written: Map<string, string> = new Map()): string {
  let output = '';
  const write = (data: string | Uint8Array) => void (output += typeof data === 'string' ? data : utf8Decode(data));
  let input: Uint8Array | undefined = utf8Encode(stdin);
  const config = `apiVersion: v1\nkind: Config\nclusters: [{name: c, cluster: {server: "https://c"}}]\nusers: [{name: u, user: {}}]\ncontexts: [{name: x, context: {cluster: c, user: u, namespace: ${namespace}}}]\ncurrent-context: x\n`;
  const missing = () => Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
  const host: KubectlHost = {
    argv: words.map((word) => word.replaceAll('$ns', namespace)),
    env: { KUBECONFIG: '/config', TERM: 'dumb' },
    stdin: {
      isTerminal: false,
      *read() {
        const now = input;
        input = undefined;
        return now && now.length > 0 ? now : undefined;
      },
    },
    stdout: { isTerminal: false, write },
    stderr: { isTerminal: false, write },
    files: {
      cwd: '/home',
      read: (name) => {
        const text = name === '/config' ? config : written.get(name);
        if (text === undefined) throw missing();
        return utf8Encode(text);
      },
      write: (name, data) => void written.set(name, typeof data === 'string' ? data : utf8Decode(data)),
      kind: (name) => (name === '/config' || written.has(name) ? 'file' : undefined),
      list: () => [],
      makeFolder: () => undefined,
      remove: () => undefined,
    },
    client: cluster.adminClient(),
    now: () => cluster.kernel.now,
    *edit(): Task<number> {
      return 1;
    },
    spawn: (name, task) => cluster.kernel.spawn(name, task),
  };
  const code = cluster.perform('kubectl', () => kubectl(host), minutes(5));
  return code === 0 ? output : `${output.trimEnd()}\n[exit ${code}]`;
}

const generated = '[bcdfghjklmnpqrstvwxz2456789]';

/** Hides what no two clusters share, as the recorder does. */
function normalise(text: string, namespace: string): string {
  return text
    .replaceAll(namespace, 'NAMESPACE')
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, 'UID')
    .replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g, 'TIME')
    .replace(/\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? [+-]\d{4} UTC\b/g, 'TIME')
    .replace(/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (\w{3}) \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, 'TIME')
    .replace(/((?:resourceVersion|observedResourceVersion)\\*"?: ?\\*")\d+(?=\\*")/g, '$1RV')
    .replace(/(Resource Version: +)\d+/g, '$1RV')
    .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, 'TOKEN')
    .replace(new RegExp(`-${generated}{7,10}-${generated}{5}\\b`, 'g'), '-HASH-ID')
    .replace(/((?:container|image)ID"?: "?|(?:Container|Image) ID: +)[^\s,"]+/g, '$1ID')
    .replace(new RegExp(`((?:pod-template|controller-revision)-hash["']?[=:] ?["']?)${generated}{7,10}\\b`, 'g'), '$1HASH')
    .replace(new RegExp(`-(?=[a-z]*\\d|[a-z]*[bcdfghjklmnpqrstvwxz]{4})${generated}{7,10}\\b`, 'g'), '-HASH')
    .replace(new RegExp(`-${generated}{5}\\b`, 'g'), '-ID')
    .replace(/\b(10\.(96|244)\.\d+\.\d+|192\.168\.192\.168|192\.0\.2\.2|127\.0\.0\.1)\b/g, 'IP')
    .replace(/\b3[012]\d{3}\b/g, 'NODEPORT')
    .replace(/(?<=[\s(])(?=\d)(\d+y)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?(?=\s|$|\))/gm, 'AGE')
    .split('\n')
    .map((line) => line.trimEnd().replace(/(?<=\S) {2,}/g, '  '))
    .join('\n')
    .trim();
}

function files(at: string): string[] {
  return readdirSync(at).sort().flatMap((name) => (statSync(path.join(at, name)).isDirectory() ? files(path.join(at, name)) : name.endsWith('.txt') ? [path.join(at, name)] : []));
}

test.skipIf(folder === undefined)('recorded conversations go as they went with the real cluster', { timeout: 120_000 }, () => {
  const root = folder as string;
  const results: { name: string; right: number; steps: number; first: string }[] = [];
  const startCluster = () => {
    const made = createCluster({ bare: true, nodes: 3 });
    made.run({ until: () => made.objects({ group: '', version: 'v1', resource: 'nodes' }).length === 3, atMost: minutes(2) });
    return made;
  };
  for (const [index, file] of files(root).entries()) {
    const name = path.relative(root, file);
    const steps = stepsOf(readFileSync(file, 'utf8'));
    if (steps.filter(({ file: written }) => written === undefined).length < 3) continue;
    const written = new Map<string, string>();
    const cluster = startCluster();
    const namespace = `t${index}replayed`;
    run(cluster, 'default', { words: ['create', 'namespace', namespace], stdin: '', output: '' });
    cluster.run({ until: () => cluster.objects({ group: '', version: 'v1', resource: 'serviceaccounts' }, namespace).length > 0, atMost: minutes(1) });
    let right = 0;
    let first = '';
    for (const step of steps) {
      if (step.file !== undefined) {
        written.set(step.file, step.stdin.replaceAll('$ns', namespace));
        right += 1;
        continue;
      }
      let actual: string;
      try {
        actual = normalise(run(cluster, namespace, step, written), namespace);
      } catch (error) {
        actual = `[defect] ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
      }
      if (actual === normalise(step.output, namespace)) right += 1;
      else if (first === '') first = `$ kubectl ${step.words.join(' ')}\n${actual}\n--- recorded\n${step.output}`;
    }
    results.push({ name, right, steps: steps.length, first });
  }
  const whole = results.filter(({ right, steps }) => right === steps).map(({ name }) => name);
  const commands = results.reduce((sum, { right }) => sum + right, 0);
  console.log(`${whole.length} of ${results.length} conversations match, ${commands} of ${results.reduce((sum, { steps }) => sum + steps, 0)} commands`);
  if (process.env['SHOW'] !== undefined) console.log(`matching: ${JSON.stringify(whole)}`);
  if (process.env['SHOW'] !== undefined) for (const { first, name } of results) if (first !== '') console.log(`${name}\n${first.slice(0, 900)}\n`);
  expect(results.filter(({ name, right, steps }) => matching.has(name) && right < steps).map(({ first, name }) => `${name}: ${first}`)).toEqual([]);
});
