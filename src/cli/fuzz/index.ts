import { appendFileSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { inspect, isDeepStrictEqual, parseArgs } from 'node:util';
import { differingPlaces } from './answers';
import { preparation, recorded } from './found';
import type { Answer, FuzzRequest } from './requests';
import { Comparison, type Difference } from './run';
import { resourcesOf } from './scenario';
import { RealServer, SimulatedServer } from './targets';

/** Scenarios under way at the same time: the real server is what is waited for. */
const atOnce = 6;

interface Options {
  readonly seed: number;
  readonly count: number;
  readonly all: boolean;
  readonly most: number;
}

/** Carries scenarios out until `count` requests are compared, or the first difference; those that hold when nothing else goes on. */
async function search(comparison: Comparison, { count, all }: Options): Promise<Difference[]> {
  const found: Difference[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (comparison.requests < count && (all || found.length === 0)) found.push(...(await comparison.scenario(next++)));
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return found;
}

/** Differences by what they are like, the most frequent first. */
function grouped(differences: readonly Difference[]): Difference[][] {
  const groups = new Map<string, Difference[]>();
  for (const one of differences) groups.set(one.signature, [...(groups.get(one.signature) ?? []), one]);
  return [...groups.values()].sort((one, other) => other.length - one.length);
}

const shownRequest = ({ method, path, type, body }: FuzzRequest): string => `${method} ${path}${method === 'PATCH' ? ` (${type.replace('application/', '')})` : ''}\n  ${JSON.stringify(body)}`;
const linesOf = ({ status, warnings, body }: Answer): string[] => {
  const { kind, message, details } = body as { kind?: string; message?: string; details?: { causes?: readonly { field?: string; reason: string; message: string }[] } };
  const said = kind !== 'Status' ? [] : details?.causes ? details.causes.map(({ field, reason, message: text }) => `${field}: ${reason} ${text}`) : [message ?? ''];
  return [String(status), ...said, ...warnings];
};

function shown({ signature, scenario, request, expected, actual }: Difference, count: number): string {
  const setup = scenario.setup.filter((one) => one !== request).map((one) => `${shownRequest(one)}\n`).join('');
  const lines = isDeepStrictEqual(linesOf(expected), linesOf(actual)) ? differingPlaces(expected.body, actual.body) : ['Kubernetes:', ...linesOf(expected), 'simulator:', ...linesOf(actual)];
  return `## ${count} × ${signature} (scenario ${scenario.number})\n${setup}${shownRequest(request)}\n${lines.map((line) => `    ${line.length > 400 ? `${line.slice(0, 60)} … ${line.slice(-200)}` : line}`).join('\n')}\n\n`;
}

/**
 * npm run fuzz:api -- [--seed N] [--count N] [--groups core,apps] [--resources pods] [--all [--most N]] [--record FILE] [--kubeconfig FILE]:
 * the same random requests to Kubernetes and to the simulator; ends at the first difference, or goes on with --all and prints one
 * of each kind of difference.
 */
export async function fuzzCommand(args: readonly string[]): Promise<number> {
  const text = (value: string) => ({ type: 'string' as const, default: value });
  const { values } = parseArgs({ args: [...args], options: { seed: text('1'), count: text('1000'), groups: text(''), resources: text(''), most: text('40'), record: text(''), all: { type: 'boolean', default: false }, kubeconfig: text(process.env['KUBECONFIG'] ?? '') } });
  if (values.kubeconfig === '') throw new Error('no Kubernetes to compare with: pass --kubeconfig or set KUBECONFIG');
  const options: Options = { seed: Number(values.seed), count: Number(values.count), all: values.all, most: Number(values.most) };
  const listed = (list: string): string[] => list.split(',').filter((one) => one !== '');
  const real = new RealServer(readFileSync(values.kubeconfig, 'utf8'));
  const ours = new SimulatedServer();
  try {
    for (const request of preparation) await Promise.all([real.send(request, new Map()), ours.send(request, new Map())]);
    const comparison = new Comparison(real, ours, options.seed, resourcesOf(listed(values.groups), listed(values.resources)));
    const groups = grouped(await search(comparison, options));
    const { requests } = comparison;
    let causes = 0;
    for (const group of groups.slice(0, options.all ? options.most : 1)) {
      const difference = group[0] && (await comparison.confirmed(group[0]));
      if (!difference) continue;
      causes += 1;
      const smallest = await comparison.smallest(difference);
      process.stdout.write(shown(smallest, group.length));
      if (values.record !== '') appendFileSync(values.record, recorded(smallest));
    }
    const total = groups.reduce((sum, group) => sum + group.length, 0);
    process.stdout.write(causes === 0 ? `seed ${values.seed}: ${requests} requests without a difference\n` : `seed ${values.seed}: ${total} of ${requests} requests differ, in ${groups.length} ways\n`);
    for (const { request, error } of ours.defects.slice(0, 5)) process.stdout.write(`defect: ${shownRequest(request)}\n${inspect(error, { depth: 3 })}\n`);
    return causes === 0 && ours.defects.length === 0 ? 0 : 1;
  } finally {
    real.close();
  }
}
