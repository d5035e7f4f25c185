import { type FlowSchema, failure, type KubeObject, type PriorityLevelConfiguration, type UserInfo } from '../../api';
import type { Etcd } from '../../etcd';
import { Future, type Task } from '../../kernel';
import type { RequestInfo } from '../request/info';
import { flowSchemas, priorityLevels } from './keys';

export { SchemaConditions } from './schema-conditions';

/** What all requests together may use (--max-requests-inflight + --max-mutating-requests-inflight). */
const totalSeats = 600;
/** Below this no level can be full, so nobody needs to be classified. */
const quiet = 8;

const refused = failure(429, 'TooManyRequests', 'Too many requests, please try again later.', { retryAfterSeconds: 1 });

interface Waiting {
  readonly turn: Future<undefined>;
}

/** One priority level: its seats, and who waits for them, by flow. */
class Level {
  used = 0;
  private waiting = 0;
  private readonly flows = new Map<string, Waiting[]>();

  constructor(
    readonly exempt: boolean,
    private readonly seats: number,
    private readonly queueLimit: number,
  ) {}

  /** Takes a seat, waiting for it in the flow's own queue. Throws a 429 when that is full. */
  *enter(flow: string): Task {
    if (this.exempt || (this.used < this.seats && this.waiting === 0)) {
      this.used += 1;
      return;
    }
    const queue = this.flows.get(flow) ?? [];
    if (queue.length >= this.queueLimit) throw refused;
    this.flows.set(flow, queue);
    const turn = new Future<undefined>();
    queue.push({ turn });
    this.waiting += 1;
    yield* turn.wait();
  }

  /** Gives a seat back: the flows take turns. */
  leave(): void {
    this.used -= 1;
    if (this.exempt || this.waiting === 0 || this.used >= this.seats) return;
    const [next] = this.flows;
    if (next === undefined) return;
    const [flow, queue] = next;
    const first = queue.shift();
    this.flows.delete(flow);
    if (queue.length > 0) this.flows.set(flow, queue);
    this.waiting -= 1;
    this.used += 1;
    first?.turn.resolve(undefined);
  }
}

/** A request's place among those of its level. */
interface Turn {
  readonly level: Level;
  readonly flow: string;
}

const list = <T>(etcd: Etcd, prefix: string): T[] => etcd.range(prefix, `${prefix.slice(0, -1)}0`).entries.map(({ value }) => value as T);
const has = (values: readonly string[] | undefined, value: string): boolean => values !== undefined && (values.includes('*') || values.includes(value));

/** API priority and fairness (KEP-1040): a flood from one client waits in its own queue. Costs a counter while all is quiet. */
export class FlowControl {
  private running = 0;
  private levels: Map<string, Level> | undefined;
  private schemas: readonly FlowSchema[] = [];

  constructor(private readonly etcd: Etcd) {
    const changed = () => (this.levels = undefined);
    etcd.watch(flowSchemas, changed);
    etcd.watch(priorityLevels, changed);
  }

  /** Whether a request may go on without being looked at. */
  get isQuiet(): boolean {
    return this.running < quiet;
  }

  /** Counts a request that begins. Gives where it has to take its turn, with `wait`; undefined while all is quiet. */
  begin(user: UserInfo, info: RequestInfo): Turn | undefined {
    this.running += 1;
    return this.isQuiet ? undefined : this.turnOf(user, info);
  }

  /** Waits for the turn of a request that has begun. Throws a 429, which ends it. */
  *wait({ level, flow }: Turn): Task {
    try {
      yield* level.enter(flow);
    } catch (error) {
      this.running -= 1;
      throw error;
    }
  }

  /** A request has ended. */
  end(turn: Turn | undefined): void {
    this.running -= 1;
    turn?.level.leave();
  }

  private turnOf(user: UserInfo, info: RequestInfo): Turn | undefined {
    this.levels ??= this.read();
    for (const { metadata, spec } of this.schemas) {
      const matches = spec?.rules?.some((rule) => rule.subjects.some((subject) => matchesSubject(subject, user)) && matchesRule(rule, info));
      if (!matches || !spec) continue;
      const level = this.levels.get(spec.priorityLevelConfiguration.name);
      const by = spec.distinguisherMethod?.type;
      return level && { level, flow: `${metadata?.name}/${by === 'ByNamespace' ? info.namespace : by === 'ByUser' ? user.name : ''}` };
    }
    return undefined;
  }

  private read(): Map<string, Level> {
    this.schemas = list<FlowSchema>(this.etcd, flowSchemas).sort((a, b) => precedence(a) - precedence(b) || nameOf(a).localeCompare(nameOf(b)));
    const configurations = list<PriorityLevelConfiguration>(this.etcd, priorityLevels);
    const shares = (one: PriorityLevelConfiguration) => one.spec?.limited?.nominalConcurrencyShares ?? one.spec?.exempt?.nominalConcurrencyShares ?? 0;
    const sum = Math.max(1, configurations.reduce((total, one) => total + shares(one), 0));
    return new Map(configurations.map((one) => {
      const response = one.spec?.limited?.limitResponse;
      const limit = response?.type === 'Queue' ? (response.queuing?.queueLengthLimit ?? 50) : 0;
      return [nameOf(one), new Level(one.spec?.type === 'Exempt', Math.ceil((totalSeats * shares(one)) / sum), limit)];
    }));
  }
}

const nameOf = (object: KubeObject): string => object.metadata?.name ?? '';
const precedence = (schema: FlowSchema): number => schema.spec?.matchingPrecedence ?? 1000;

type Rule = NonNullable<NonNullable<FlowSchema['spec']>['rules']>[number];

function matchesSubject(subject: Rule['subjects'][number], user: UserInfo): boolean {
  if (subject.kind === 'User') return subject.user?.name === '*' || subject.user?.name === user.name;
  if (subject.kind === 'Group') return subject.group?.name === '*' || user.groups.includes(subject.group?.name ?? '');
  const { namespace = '', name = '' } = subject.serviceAccount ?? {};
  return user.name.startsWith(`system:serviceaccount:${namespace}:`) && (name === '*' || user.name.endsWith(`:${name}`));
}

function matchesRule(rule: Rule, info: RequestInfo): boolean {
  if (!info.isResource) return rule.nonResourceRules?.some((one) => has(one.verbs, info.verb) && one.nonResourceURLs.some((url) => url === '*' || url === info.path || (url.endsWith('*') && info.path.startsWith(url.slice(0, -1))))) === true;
  const resource = info.subresource === '' ? info.resource : `${info.resource}/${info.subresource}`;
  return rule.resourceRules?.some((one) => has(one.verbs, info.verb) && has(one.apiGroups, info.group) && has(one.resources, resource) && (info.namespace === '' ? one.clusterScope === true : has(one.namespaces, info.namespace))) === true;
}
