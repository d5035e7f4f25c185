import type { ResourceInfo } from '../../simulator/api';
import { same, sameButForOrder, signatureOf } from './answers';
import { chanceOf } from './chance';
import { minimised } from './minimise';
import type { Answer, FuzzRequest, Memory, Scenario } from './requests';
import { creations, isStored, setting, type Subject, trials } from './scenario';
import type { RealServer, SimulatedServer } from './targets';

/** One thing that the two servers do not do alike. */
export interface Difference {
  readonly signature: string;
  readonly scenario: Scenario;
  readonly request: FuzzRequest;
  readonly expected: Answer;
  readonly actual: Answer;
}

/** How often the real server is asked again when the order of what is wrong differs: it may not have one. */
const repetitions = 12;

/** Sends scenarios to both servers. */
export class Comparison {
  /** Requests that were compared. */
  requests = 0;

  constructor(private readonly real: RealServer, private readonly ours: SimulatedServer, private readonly seed: number, private readonly resources: readonly ResourceInfo[]) {}

  /** Makes and carries out one scenario of the run. */
  async scenario(number: number): Promise<Difference[]> {
    const chance = chanceOf(this.seed, number);
    const subject: Subject = { info: chance.pick(this.resources), number, chance };
    if (!isStored(subject) || chance.happens(0.5)) return this.compare({ number, setup: [], attempts: creations(subject), cleanup: [] });
    const { setup, cleanup } = setting(subject);
    const memory: Memory = new Map();
    const answers = setup.map((request) => this.ours.ask(request, memory));
    const stored = answers[answers.length - 1];
    const attempts = stored && stored.answer.status < 300 ? trials(subject, storedBody(stored.text)) : [];
    for (const request of cleanup) this.ours.ask(request, memory);
    return this.compare({ number, setup, attempts, cleanup });
  }

  /** Carries a scenario out on both; what is answered differently. */
  async compare(scenario: Scenario): Promise<Difference[]> {
    const { setup, attempts, cleanup } = scenario;
    const memories: readonly [Memory, Memory] = [new Map(), new Map()];
    const differences: Difference[] = [];
    const ask = async (request: FuzzRequest, again: boolean): Promise<boolean> => {
      this.requests += 1;
      const expected = await this.real.send(request, memories[0]);
      const { answer: actual } = this.ours.ask(request, memories[1]);
      if (expected.status === 0 || same(expected, actual) || (await this.sameToday(request, memories[0], expected, actual, again))) return expected.status < 300;
      differences.push({ signature: `${about(request)} ${signatureOf(expected, actual)}`, scenario: { ...scenario, attempts: again ? [request] : [] }, request, expected, actual });
      return false;
    };
    let going = true;
    for (const request of setup) if (going) going = await ask(request, false);
    if (going) for (const request of attempts) await ask(request, true);
    if (setup.length > 0) {
      for (const request of cleanup) {
        await this.real.send(request, memories[0]);
        this.ours.ask(request, memories[1]);
      }
    }
    return differences;
  }

  /** Whether the real server, asked again, says the same, or has no order of its own. */
  private async sameToday(request: FuzzRequest, memory: Memory, first: Answer, actual: Answer, again: boolean): Promise<boolean> {
    const likely = sameButForOrder(first, actual);
    if (!again) return likely;
    if (first.status !== actual.status || first.status < 300) return false;
    let varies = false;
    for (let asked = 0; asked < repetitions; asked++) {
      const next = await this.real.send(request, memory);
      if (same(next, actual)) return true;
      varies ||= !same(next, first);
    }
    return varies && (likely || first.status === 500); // which fault of a configuration is found first is chance
  }

  /** Whether it still differs when nothing else goes on. */
  async confirmed({ scenario, signature }: Difference): Promise<Difference | undefined> {
    return (await this.compare(scenario)).find((one) => one.signature === signature);
  }

  /** The difference with all left out that does not matter. */
  async smallest(difference: Difference): Promise<Difference> {
    let found = difference;
    await minimised(difference.scenario, async (scenario) => {
      const again = await this.confirmed({ ...difference, scenario });
      if (again) found = again;
      return again !== undefined;
    });
    return found;
  }
}

/** The object as it is stored, as a client would send it again. */
function storedBody(text: string): Record<string, unknown> {
  const uid = (JSON.parse(text) as { metadata: { uid?: string } }).metadata.uid ?? '';
  const body = JSON.parse(uid === '' ? text : text.replaceAll(uid, '$uid')) as Record<string, unknown> & { metadata: Record<string, unknown>; spec?: Record<string, unknown> };
  const { managedFields: _owners, creationTimestamp: _time, ...metadata } = body.metadata;
  delete body.spec?.['healthCheckNodePort'];
  return { ...body, metadata: { ...metadata, resourceVersion: '$resourceVersion' } };
}

const verbs: Readonly<Record<string, string>> = { 'merge-patch+json': 'merge', 'strategic-merge-patch+json': 'strategic', 'json-patch+json': 'json', 'apply-patch+yaml': 'apply' };

/** POST pods, merge deployments/status … */
function about({ method, path, type }: FuzzRequest): string {
  const parts = (path.split('?')[0] ?? '').split('/').slice(path.startsWith('/api/') ? 3 : 4);
  const [resource = '', , subresource] = parts[0] === 'namespaces' && parts.length > 2 && parts[2] !== 'status' && parts[2] !== 'finalize' ? parts.slice(2) : parts;
  return `${method === 'PATCH' ? (verbs[type.replace('application/', '')] ?? type) : method} ${resource}${subresource === undefined ? '' : `/${subresource}`}`;
}
