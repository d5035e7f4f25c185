import process from 'node:process';
import { parseArgs } from 'node:util';
import v8 from 'node:v8';
import vm from 'node:vm';
import { type Bridge, startBridge } from '../../bridge';
import { Chance } from '../fuzz/chance';
import { requestAttacks } from './requests';
import { socketAttacks } from './sockets';
import { type Attack, ground, pause, request, type Target } from './target';
import { Witnesses } from './witnesses';

const attacks: Readonly<Record<string, Attack>> = { ...requestAttacks, ...socketAttacks };
/** How many attack at a time. */
const attackers = 12;
/** Megabytes that the heap may have grown at the end, compared with a third of the way. */
const mayGrow = 64;
/** Handles of the operating system that may be left over when everybody has gone. */
const mayLeave = 8;

export interface AbuseOptions {
  readonly seconds: number;
  readonly seed: number;
  /** Hears of the state of the server now and then. */
  tell(line: string): void;
}

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc') as () => void;

function heap(): number {
  collect();
  return Math.round(process.memoryUsage().heapUsed / 1024 / 1024);
}

const handles = (): number => process.getActiveResourcesInfo().filter((name) => /TCP|TLS|Pipe|HTTP/i.test(name)).length;

async function prepare({ cluster }: Bridge): Promise<void> {
  for (const name of ['honest', 'abuse']) cluster.request({ method: 'POST', url: '/api/v1/namespaces', body: { metadata: { name } } });
  await pause(500);
  const pod = { metadata: { name: 'shell' }, spec: { containers: [{ name: 'c', image: 'busybox:1.37', command: ['sleep', '100000'] }] } };
  cluster.request({ method: 'POST', url: `${ground}/pods`, body: pod });
}

/** Attacks a cluster of its own for a while, on the loopback alone; gives what is wrong afterwards. */
export async function abuse({ seconds, seed, tell }: AbuseOptions): Promise<readonly string[]> {
  const complaints: string[] = [];
  const bridge = await startBridge({ port: 0, nodes: 1, seed }, (error) => complaints.push(`a defect of the simulator: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`));
  const { hostname: host, port } = new URL(bridge.address);
  const target: Target = { address: bridge.address, host, port: Number(port), token: /token: (\S+)/.exec(bridge.kubeconfig)?.[1] ?? '' };
  await prepare(bridge);
  const idle = handles();
  const began = Date.now();
  const until = began + seconds * 1000;
  const counts: Record<string, number> = {};
  const attacker = async (number: number): Promise<void> => {
    const chance = new Chance(seed * 1000 + number);
    while (Date.now() < until) {
      const name = chance.pick(Object.keys(attacks));
      counts[name] = (counts[name] ?? 0) + 1;
      await (attacks[name] as Attack)(target, chance);
    }
  };
  const witnesses = new Witnesses(target);
  await witnesses.begin(4);
  let early = 0;
  const report = (): void => {
    const megabytes = heap();
    if (early === 0 && Date.now() - began > (seconds * 1000) / 3) early = megabytes;
    tell(`${Math.round((Date.now() - began) / 1000)} s: ${Object.values(counts).reduce((sum, count) => sum + count, 0)} attacks, ${witnesses.changes} changes watched, heap ${megabytes} MB, resident ${Math.round(process.memoryUsage().rss / 1024 / 1024)} MB, ${handles()} handles`);
  };
  const timer = setInterval(report, Math.max(1000, seconds * 50));
  await Promise.all([witnesses.work(until), ...Array.from({ length: attackers }, (_, number) => attacker(number))]);
  clearInterval(timer);
  complaints.push(...await witnesses.end());
  await request(target, { method: 'GET', path: '/healthz' });
  await pause(2000);
  report();
  const late = heap();
  if (early > 0 && late - early > mayGrow) complaints.push(`the heap grew from ${early} to ${late} MB`);
  if (handles() - idle > mayLeave) complaints.push(`${handles() - idle} handles are left over`);
  tell(Object.entries(counts).map(([name, count]) => `${name} ${count}`).join(', '));
  await bridge.close();
  return complaints;
}

/** npm run abuse -- [--minutes 10] [--seed N] */
export async function abuseCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } } });
  const complaints = await abuse({ seconds: Number(values.minutes) * 60, seed: Number(values.seed), tell: (line) => process.stdout.write(`${line}\n`) });
  process.stdout.write(complaints.length === 0 ? `seed ${values.seed}: no crash, no leak, watches intact\n` : `seed ${values.seed}:\n${complaints.join('\n')}\n`);
  return complaints.length === 0 ? 0 : 1;
}
