import { type APIService, type KubeObject } from '../../../api';
import { Channel, formatTime, seconds, type Task } from '../../../kernel';
import type { Call, ServerParts } from '../../call';
import type { GroupEntry } from '../../discovery';
import type { Aggregation } from '../../served';
import { sameValue } from '../../resources/equality';
import { check, type DiscoveredResource } from './availability';
import { withAggregated } from './discovery';
import { pass, serviceUnavailable } from './proxy';

const prefix = '/registry/apiregistration.k8s.io/apiservices/';
const path = '/apis/apiregistration.k8s.io/v1/apiservices';
/** Who made an APIService that nobody wrote by hand says itself that it is available. */
const managed = 'kube-aggregator.kubernetes.io/automanaged';
/** How often an API server is looked at again when nothing happens. */
const recheck = seconds(30);
/** And one that is not available. */
const retry = seconds(5);

const isAvailable = ({ status }: APIService): boolean => status?.conditions?.some(({ type, status: own }) => type === 'Available' && own === 'True') === true;

/**
 * Serves groups and versions that other API servers serve behind Services (kubernetes.io: Kubernetes API Aggregation Layer): passes
 * their requests on, says whether they are available, and adds what they list to discovery.
 */
export class Aggregator implements Aggregation {
  private readonly services = new Map<string, APIService>();
  private readonly resources = new Map<string, readonly DiscoveredResource[]>();
  private readonly changed = new Channel<string>();
  private runs = false;
  private readonly waiting = new Map<string, () => void>();

  constructor(private readonly server: ServerParts) {
    const { etcd } = server;
    for (const { key, value } of etcd.range(prefix, `${prefix.slice(0, -1)}0`).entries) this.follow(key.slice(prefix.length), value as APIService);
    etcd.watch(prefix, ({ key, current }) => this.follow(key.slice(prefix.length), current?.value as APIService | undefined));
    for (const place of ['/registry/services/specs/', '/registry/endpointslices/']) etcd.watch(place, ({ current, previous }) => this.touched((current ?? previous)?.value as KubeObject | undefined));
  }

  answer(call: Call): ReturnType<Aggregation['answer']> {
    if (this.services.size === 0) return undefined;
    const [, root, group, version] = call.info.path.split('/');
    const service = root === 'apis' && version !== undefined ? this.services.get(`${version}.${group}`) : undefined;
    if (!service) return undefined;
    return isAvailable(service) ? pass(this.server, service, call) : serviceUnavailable();
  }

  groups(own: readonly GroupEntry[]): readonly GroupEntry[] {
    if (this.services.size === 0) return own;
    return withAggregated(own, [...this.services].map(([name, service]) => {
      const { group = '', version = '', groupPriorityMinimum = 0, versionPriority = 0 } = service.spec ?? {};
      return { group, version, groupPriority: groupPriorityMinimum, versionPriority, resources: isAvailable(service) ? this.resources.get(name) : undefined };
    }));
  }

  private follow(name: string, service: APIService | undefined): void {
    const before = this.services.get(name);
    if (service?.spec?.service) this.services.set(name, service);
    else if (before) this.services.delete(name);
    if (before || service?.spec?.service) this.server.served.touch();
    if (service?.spec?.service && !sameValue(before?.spec, service.spec)) this.look(name);
    else if (service && !service.status?.conditions?.length && service.metadata?.labels?.[managed] === undefined) this.look(name);
  }

  /** A Service, or one of its slices, changed. */
  private touched(object: KubeObject | undefined): void {
    const own = object?.metadata?.labels?.['kubernetes.io/service-name'] ?? object?.metadata?.name;
    for (const [name, { spec }] of this.services) if (spec?.service?.name === own && spec?.service?.namespace === object?.metadata?.namespace) this.look(name);
  }

  /** Has an APIService looked at. Nothing runs in a cluster that has none. */
  private look(name: string): void {
    this.changed.send(name);
    if (this.runs) return;
    this.runs = true;
    this.server.kernel.spawn('aggregator', this.run(), null);
  }

  private *run(): Task {
    for (let name = yield* this.changed.receive(); name !== undefined; name = yield* this.changed.receive()) yield* this.sync(name);
  }

  private *sync(name: string): Task {
    this.waiting.get(name)?.();
    this.waiting.delete(name);
    const service = this.server.etcd.get(prefix + name)?.value as APIService | undefined;
    if (!service) return void this.resources.delete(name);
    const { availability, resources } = yield* check(this.server, service);
    if (resources && !sameValue(resources, this.resources.get(name))) {
      this.resources.set(name, resources);
      this.server.served.touch();
    }
    yield* this.write(name, { type: 'Available', ...availability });
    if (!service.spec?.service) return;
    const timer = this.server.kernel.after(availability.status === 'True' ? recheck : retry, () => this.look(name));
    this.waiting.set(name, () => this.server.kernel.cancel(timer));
  }

  private *write(name: string, condition: { readonly type: string; readonly status: string; readonly reason: string; readonly message: string }): Task {
    const service = this.server.etcd.get(prefix + name)?.value as APIService | undefined;
    if (!service) return;
    const conditions = service.status?.conditions ?? [];
    const old = conditions.find(({ type }) => type === condition.type);
    if (old && old.status === condition.status && old.reason === condition.reason && old.message === condition.message) return;
    const lastTransitionTime = old?.status === condition.status ? old.lastTransitionTime : formatTime(this.server.kernel.now);
    const status = { ...service.status, conditions: [...conditions.filter((one) => one !== old), { ...condition, lastTransitionTime }] };
    yield* this.server.loopback({ method: 'PUT', url: `${path}/${name}/status`, credentials: { certificate: { commonName: 'system:apiserver', organizations: ['system:masters'] } }, headers: { 'user-agent': 'kube-apiserver/v1.36.3' }, body: { ...service, status } });
  }
}
