import { isStatus, type KubeObject, type Pod, type PodCondition, type PodStatus } from '../../api';
import { type Client, ConnectionError, isApiFailure } from '../../client';
import { type Kernel, type Process, parseTime, seconds, sleep, type Task, type Time } from '../../kernel';

type TokenAnswer = KubeObject & { readonly status?: { readonly token: string; readonly expirationTimestamp: string } };

const pods = { group: '', version: 'v1', resource: 'pods' };
const serviceAccounts = { group: '', version: 'v1', resource: 'serviceaccounts' };

/** The change to `status` from what the API has, or will have once it is seen here: a condition that lost its reason or message is told to drop them. */
function patchOf(status: PodStatus, ...before: readonly (PodStatus | undefined)[]): unknown {
  const had = (type: string, field: 'reason' | 'message') => before.some((one) => one?.conditions?.some((condition) => condition.type === type && condition[field] !== undefined));
  const conditions = status.conditions?.map((condition) => {
    const dropped = (['reason', 'message'] as const).filter((field) => condition[field] === undefined && had(condition.type, field));
    return dropped.length === 0 ? condition : { ...condition, ...Object.fromEntries(dropped.map((field) => [field, null])) };
  });
  return { ...status, conditions };
}

/** Brings one Pod's status to the API server: the newest only, one write at a time, nothing that is there already. */
export class StatusWriter {
  private wanted: PodStatus | undefined;
  private wantedText = '';
  private written = '';
  private sent: PodStatus | undefined;
  private writing: Process | undefined;
  private stopped = false;
  private readonly tokens = new Map<string, { token: string; renewAt: Time }>();

  /** `target` gives the object in the API that the status belongs to; none while a static Pod has no mirror. */
  constructor(private readonly client: Client, private readonly target: () => Pod | undefined, private readonly kernel: Kernel) {}

  /** The conditions as of the last status, or as the API has them: others may have added some. */
  get conditions(): readonly PodCondition[] {
    const own = this.wanted?.conditions ?? [];
    const api = this.target()?.status?.conditions ?? [];
    return [...own, ...api.filter((condition) => !own.some((mine) => mine.type === condition.type))];
  }

  get startTime(): string | undefined {
    return this.wanted?.startTime ?? this.target()?.status?.startTime;
  }

  write(status: PodStatus): void {
    if (this.stopped) return;
    this.wanted = status;
    this.wantedText = JSON.stringify(status);
    if (this.wantedText === this.written && this.sameUid()) return;
    if (this.writing?.state !== 'running') this.writing = this.kernel.spawn('status', this.flush(), null);
  }

  /** Comes back when what was to be written is written. */
  *drained(): Task {
    const writing = this.writing;
    if (writing?.state === 'running') yield (waker) => writing.onEnd(() => waker.resolve(undefined));
  }

  /** Nothing is written any more, for good. */
  stop(): void {
    this.stopped = true;
    this.writing?.cancel();
  }

  /** What is being written is dropped. */
  pause(): void {
    this.writing?.cancel();
  }

  /** What was written before counts for nothing: the next status is written whatever it is. */
  resume(): void {
    this.written = '';
  }

  /** A bound token of the Pod's service account, renewed when 80 % of its time is over. (kubernetes.io: TokenRequest) */
  *token(pod: Pod, audience: string | undefined, expirationSeconds: number): Task<string> {
    const key = `${audience ?? ''}/${expirationSeconds}`;
    const known = this.tokens.get(key);
    if (known && this.kernel.now < known.renewAt) return known.token;
    const request = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { ...(audience !== undefined && { audiences: [audience] }), expirationSeconds, boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: pod.metadata?.name, uid: pod.metadata?.uid } },
    };
    const answer = yield* this.client.create<TokenAnswer>(serviceAccounts, pod.metadata?.namespace, request as never, { name: pod.spec?.serviceAccountName ?? 'default', subresource: 'token' });
    const expires = parseTime(answer.status?.expirationTimestamp ?? '') ?? this.kernel.now + seconds(expirationSeconds);
    const token = answer.status?.token ?? '';
    this.tokens.set(key, { token, renewAt: this.kernel.now + Math.floor((expires - this.kernel.now) * 0.8) });
    return token;
  }

  private uid = '';

  private sameUid(): boolean {
    return this.target()?.metadata?.uid === this.uid;
  }

  private *flush(): Task {
    for (let failures = 0; !this.stopped; ) {
      const status = this.wanted as PodStatus;
      const text = this.wantedText;
      const pod = this.target();
      if (!pod || (text === this.written && this.sameUid())) return;
      const { name = '', namespace, uid = '' } = pod.metadata ?? {};
      try {
        yield* this.client.patch(pods, namespace, name, 'application/strategic-merge-patch+json', { metadata: { uid }, status: patchOf(status, pod.status, this.sent) }, { subresource: 'status' });
        this.written = text;
        this.sent = status;
        this.uid = uid;
        failures = 0;
      } catch (error) {
        if (isStatus(error, 'NotFound') || isStatus(error, 'Conflict') || isStatus(error, 'Invalid')) return;
        if (!isApiFailure(error)) throw error;
        if (!(error instanceof ConnectionError) && ++failures > 5) return;
        yield* sleep(seconds(1));
      }
    }
  }
}
