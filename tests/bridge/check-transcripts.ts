import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Bridge, startBridge } from '../../src/bridge';
import { difference, execute, filesIn, parse } from '../transcripts/transcript.mjs';
import { findTools } from './tools';

const root = path.resolve(import.meta.dirname, '../transcripts');

/** Seconds after which a conversation that waits for what never comes is ended. */
const longest = 240;

/** What one transcript gave. */
export interface Outcome {
  /** The file below tests/transcripts, without its ending: api/verbs/list. */
  readonly name: string;
  /** What differed; empty when all matched. */
  readonly differences: readonly string[];
  readonly seconds: number;
}

/** Names of the transcripts of the API server and of kubectl, or of the folders given. */
export function transcriptNames(folders: readonly string[] = ['api', 'kubectl']): string[] {
  return folders.flatMap((folder) => filesIn(path.join(root, folder))).map((file) => path.relative(root, file).replace(/\.txt$/, ''));
}

/** True for conversations whose commands wait: for time-outs, for controllers that take their time, for many things in turn. */
export function isSlow(name: string): boolean {
  if (/^kubectl\/(stories|waiting)\//.test(name)) return true;
  return /sleep [1-9]\d*(?!\.)|--timeout|rollout status/.test(readFileSync(path.join(root, `${name}.txt`), 'utf8'));
}

/** What kubectl prints in an order that it leaves to chance: it walks a Go map. */
const unordered = /^kubectl describe limitrange/;

const sameLines = (one: string, other: string): boolean => one.split('\n').sort().join('\n') === other.split('\n').sort().join('\n');

async function checkOne(name: string, kubeconfig: string, environment: NodeJS.ProcessEnv): Promise<Outcome> {
  const began = performance.now();
  const transcript = parse(readFileSync(path.join(root, `${name}.txt`), 'utf8'));
  const outputs = await execute(transcript, kubeconfig, environment, longest);
  const differences = transcript.steps.flatMap(({ command, output }, index) => {
    const actual = outputs[index] ?? '[did not finish]';
    return actual === output || (unordered.test(command[0] ?? '') && sameLines(actual, output)) ? [] : [`  $ ${command[0]}\n${difference(output, actual)}`];
  });
  return { name, differences, seconds: (performance.now() - began) / 1000 };
}

/** Runs the transcripts with the real kubectl against a bare cluster of three nodes behind a port; `heard` is told each outcome as it comes. */
export async function checkTranscripts(names: readonly string[], heard: (outcome: Outcome) => void = () => undefined, jobs = 3): Promise<Outcome[]> {
  const { environment } = findTools();
  const folder = mkdtempSync(path.join(tmpdir(), 'kube-dojang-transcripts-'));
  const defects: unknown[] = [];
  let bridge: Bridge | undefined;
  try {
    bridge = await startBridge({ port: 0, nodes: 3, bare: true }, (error) => defects.push(error));
    const kubeconfig = path.join(folder, 'kubeconfig');
    writeFileSync(kubeconfig, bridge.kubeconfig);
    const queue = [...names];
    const outcomes: Outcome[] = [];
    await Promise.all(Array.from({ length: jobs }, async () => {
      for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
        const outcome = await checkOne(name, kubeconfig, environment);
        outcomes.push(outcome);
        heard(outcome);
      }
    }));
    for (const defect of defects) outcomes.push({ name: 'defect/of the simulator', differences: [defect instanceof Error ? `${defect.message}\n${defect.cause instanceof Error ? defect.cause.stack : ''}` : String(defect)], seconds: 0 });
    return outcomes.sort((one, other) => one.name.localeCompare(other.name));
  } finally {
    await bridge?.close();
    rmSync(folder, { recursive: true });
  }
}

/** How many of each folder match, as lines of a table. */
export function tableOf(outcomes: readonly Outcome[]): string {
  const folders = new Map<string, { right: number; all: number }>();
  for (const { name, differences } of outcomes) {
    for (const folder of [path.dirname(name), `${name.split('/')[0]} (all)`]) {
      const counts = folders.get(folder) ?? { right: 0, all: 0 };
      folders.set(folder, counts);
      counts.all += 1;
      if (differences.length === 0) counts.right += 1;
    }
  }
  return [...folders].sort(([one], [other]) => one.localeCompare(other)).map(([folder, { right, all }]) => `${folder.padEnd(28)} ${String(right).padStart(3)} of ${all}`).join('\n');
}
