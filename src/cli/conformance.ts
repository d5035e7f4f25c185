import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { startBridge } from '../bridge';

const folder = path.resolve(import.meta.dirname, '../../tools/conformance');

/** A line of specs.tsv: what a spec was like on a real control plane with hollow nodes. */
interface Spec {
  readonly sig: string;
  readonly name: string;
  /** What it needs: control-plane, runtime or storage. */
  readonly class: string;
}

/** What became of a spec. */
interface Outcome {
  readonly name: string;
  readonly state: string;
}

const rowsOf = (file: string): string[][] => readFileSync(file, 'utf8').split('\n').filter((line) => line !== '').map((line) => line.split('\t'));

const readSpecs = (): Spec[] => rowsOf(path.join(folder, 'specs.tsv')).map(([sig = '', name = '', , , kind = '']) => ({ sig, name, class: kind }));

const readOutcomes = (file: string): Outcome[] => (existsSync(file) ? rowsOf(file).map(([name = '', state = '']) => ({ name, state })) : []);

/** One line a group of specs: how many of them passed. */
function tableOf(specs: readonly Spec[], outcomes: readonly Outcome[]): string {
  const passed = new Set(outcomes.filter(({ state }) => state === 'passed').map(({ name }) => name));
  const line = (name: string, some: readonly Spec[]): string => `| ${name.padEnd(20)} | ${String(some.filter(({ name }) => passed.has(name)).length).padStart(6)} | ${String(some.length).padStart(5)} |`;
  const sigs = [...new Set(specs.map(({ sig }) => sig))].sort();
  return [`| ${'sig'.padEnd(20)} | passed | specs |`, '|-|-|-|', ...sigs.map((sig) => line(sig, specs.filter((spec) => spec.sig === sig))), line('all', specs)].join('\n');
}

function run(kubeconfig: string, names: string, parallel: string, results: string, limit: string | undefined): Promise<number> {
  const child = spawn(path.join(folder, 'run'), [kubeconfig, names, parallel], { stdio: 'inherit', env: { ...process.env, RESULTS: results, ...(limit !== undefined && { SPEC_TIMEOUT: limit }) } });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/**
 * npm run conformance -- [--class control-plane] [--sig SIG] [--focus REGEX] [--parallel 4] [--bare] [--timeout 90s]
 * [--results FILE] [--kubeconfig FILE]: Kubernetes' own conformance specs against a cluster of its own (or any other), and a
 * table by sig.
 */
export async function conformanceCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      class: { type: 'string', default: 'control-plane' }, sig: { type: 'string' }, focus: { type: 'string', default: '' }, parallel: { type: 'string', default: '4' },
      bare: { type: 'boolean', default: false }, timeout: { type: 'string' }, results: { type: 'string' }, kubeconfig: { type: 'string' },
    },
  });
  const focus = new RegExp(values.focus);
  const specs = readSpecs().filter((spec) => (values.class === 'all' || spec.class === values.class) && (values.sig === undefined || values.sig.split(',').includes(spec.sig)) && focus.test(spec.name));
  if (specs.length === 0) throw new Error('no spec is chosen');
  const work = mkdtempSync(path.join(tmpdir(), 'kube-dojang-conformance-'));
  const file = (name: string): string => path.join(work, name);
  const defects: unknown[] = [];
  const bridge = values.kubeconfig === undefined ? await startBridge({ port: 0, nodes: 3, bare: values.bare }, (error) => defects.push(error)) : undefined;
  try {
    if (bridge) writeFileSync(file('kubeconfig'), bridge.kubeconfig, { mode: 0o600 });
    writeFileSync(file('names'), specs.map(({ name }) => `${name}\n`).join(''));
    const results = values.results ?? file('results');
    const code = await run(values.kubeconfig ?? file('kubeconfig'), file('names'), values.parallel, results, values.timeout);
    process.stdout.write(`\n${tableOf(specs, readOutcomes(results))}\n`);
    for (const defect of defects) process.stderr.write(`a defect of the simulator: ${defect instanceof Error ? (defect.stack ?? defect.message) : String(defect)}\n`);
    return defects.length > 0 ? 1 : code;
  } finally {
    await bridge?.close();
    rmSync(work, { recursive: true });
  }
}
