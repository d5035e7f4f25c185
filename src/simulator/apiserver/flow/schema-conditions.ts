import type { ApiHandler, FlowSchema } from '../../api';
import type { Etcd } from '../../etcd';
import { Channel, formatTime, type Kernel, type Task } from '../../kernel';
import { flowSchemas, priorityLevels } from './keys';

const manager = 'api-priority-and-fairness-config-consumer-v1';
const credentials = { certificate: { commonName: 'system:apiserver', organizations: ['system:masters'] } };
const apiVersion = 'flowcontrol.apiserver.k8s.io/v1';

/** Says in the status of each FlowSchema whether the level that it names exists (kubernetes.io: API Priority and Fairness). */
export class SchemaConditions {
  private readonly changed = new Channel<string>();

  constructor(
    private readonly kernel: Kernel,
    private readonly etcd: Etcd,
    private readonly loopback: ApiHandler,
  ) {
    etcd.watch(flowSchemas, ({ key, current }) => current && this.changed.send(key.slice(flowSchemas.length)));
    etcd.watch(priorityLevels, ({ key, current, previous }) => current && previous ? undefined : this.follow(key.slice(priorityLevels.length)));
  }

  /** Looks at what changed; runs as long as the server. */
  *run(): Task {
    for (let name = yield* this.changed.receive(); name !== undefined; name = yield* this.changed.receive()) yield* this.sync(name);
  }

  /** A level came or went: its schemas may say something else now. */
  private follow(level: string): void {
    for (const { key, value } of this.etcd.range(flowSchemas, `${flowSchemas.slice(0, -1)}0`).entries) {
      if ((value as FlowSchema).spec?.priorityLevelConfiguration.name === level) this.changed.send(key.slice(flowSchemas.length));
    }
  }

  private *sync(name: string): Task {
    const schema = this.etcd.get(flowSchemas + name)?.value as FlowSchema | undefined;
    const level = schema?.spec?.priorityLevelConfiguration.name;
    if (level === undefined) return;
    const before = schema?.status?.conditions?.find(({ type }) => type === 'Dangling');
    const exists = this.etcd.get(priorityLevels + level) !== undefined;
    const references = `This FlowSchema references the PriorityLevelConfiguration object named ${JSON.stringify(level)}`;
    const wanted = exists ? { status: 'False', reason: 'Found', message: `${references} and it exists` } : { status: 'True', reason: 'NotFound', message: `${references} but there is no such object` };
    if (before?.status === wanted.status && before.reason === wanted.reason && before.message === wanted.message) return;
    const lastTransitionTime = before?.status === wanted.status ? before.lastTransitionTime : formatTime(this.kernel.now);
    const body = { apiVersion, kind: 'FlowSchema', metadata: { name }, status: { conditions: [{ type: 'Dangling', ...wanted, lastTransitionTime }] } };
    yield* this.loopback({ method: 'PATCH', url: `/apis/${apiVersion}/flowschemas/${name}/status?fieldManager=${manager}&force=true`, headers: { 'content-type': 'application/apply-patch+yaml', 'user-agent': 'kube-apiserver/v1.36.3' }, credentials, body });
  }
}
