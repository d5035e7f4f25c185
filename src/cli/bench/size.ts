import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { brotliCompressSync } from 'node:zlib';
import { atMost, type Figure } from './measure';

const build = path.resolve(import.meta.dirname, '../../../build');

/** What the worker of a lab loads, in its order, as built scripts: at once, and after it was asked to open a cluster. */
interface Loaded {
  readonly first: readonly string[];
  readonly later: readonly string[];
}

/** The built script that starts the worker: of those that load others by importScripts, the one with a scheduler in it. */
function workerScript(): string | undefined {
  const folder = path.join(build, 'assets/js');
  const scripts = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.js')).map((name) => path.join(folder, name)) : [];
  return scripts.find((file) => {
    const text = readFileSync(file, 'utf8');
    return text.includes('importScripts') && text.includes('kube-scheduler');
  });
}

/** Runs the worker's script in a scope like a worker's, and asks it to open a cluster. */
async function loadedBy(script: string): Promise<Loaded> {
  const listeners: ((event: object) => void)[] = [];
  const files: string[] = [];
  let ended = false;
  const worker: Record<string, unknown> = {
    location: { href: `https://course/assets/js/${path.basename(script)}` }, console, performance, TextEncoder, TextDecoder, URL, clearTimeout,
    setTimeout: (work: () => void, milliseconds: number) => setTimeout(() => (ended ? undefined : work()), milliseconds),
    addEventListener: (type: string, listener: (event: object) => void) => (type === 'message' ? listeners.push(listener) : 0),
    removeEventListener: () => undefined,
    postMessage: () => undefined,
    importScripts: (url: string) => {
      files.push(path.join(build, new URL(url, 'https://course/').pathname));
      vm.runInContext(readFileSync(files.at(-1) as string, 'utf8'), context);
    },
  };
  worker['self'] = worker['globalThis'] = worker;
  const context = vm.createContext(worker);
  vm.runInContext(readFileSync(script, 'utf8'), context);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const first = [script, ...files];
  const options = { lab: 'patterns/sidecar-log', cluster: { seed: 1, nodes: 2, manifests: [] }, files: {}, locale: 'ko', checkpoint: undefined };
  for (const listener of listeners) listener({ origin: 'https://course', data: { id: 'open', type: 'APPLY', path: ['open'], argumentList: [{ type: 'RAW', value: options }, { type: 'RAW', value: () => undefined }] } });
  await new Promise((resolve) => setTimeout(resolve, 100));
  ended = true;
  return { first, later: files.slice(first.length - 1) };
}

/** Compressed kilobytes of what a page loads for a cluster: until the cluster runs, and until the learner can type. */
export async function sizeFigures(): Promise<Figure[]> {
  const script = workerScript();
  if (script === undefined) return [{ what: 'simulator in the browser', target: '≤ 300 KB', measured: 'npm run build first', holds: undefined }];
  const { first, later } = await loadedBy(script);
  const kilobytes = (files: readonly string[]): number => files.reduce((sum, file) => sum + brotliCompressSync(readFileSync(file)).length / 1024, 0);
  return [
    atMost('simulator: loaded before its cluster runs', kilobytes(first), 300, 'KB'),
    { what: '… and with images, shell, kubectl, checks', target: '', measured: `${kilobytes([...first, ...later]).toFixed(0)} KB`, holds: undefined },
  ];
}
