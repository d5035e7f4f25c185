import { type ConfigMap, failure, isStatus, type KubeObject, type Secret, type Service } from '../api';
import { type Client, type Informer, type Informers, isApiFailure, resources } from '../client';
import { join, type Kernel, type Process, seconds, type Task, type Time } from '../kernel';
import type { ObjectSource } from './environment';

const lifetime = seconds(60);

type Outcome = { readonly object: KubeObject } | { readonly error: Error };

/**
 * ConfigMaps and Secrets as the node's Pods need them: read when a Pod is looked at, at most once a minute each unless
 * asked anew (a Pod that is new or was changed sees what is there now).
 */
export class ObjectCache implements ObjectSource {
  private readonly held = new Map<string, { object: KubeObject; at: Time }>();
  /** Reads on their way to the server: who asks meanwhile gets the same answer, which is newer than the question. */
  private readonly asked = new Map<string, Process<Outcome>>();
  private known: Informer<Service> | undefined;

  constructor(private readonly kernel: Kernel, private readonly client: Client) {}

  /** From now on Services are known by these informers. */
  follow(informers: Informers): void {
    this.known = informers.for<Service>(resources.services);
  }

  configMap(namespace: string, name: string): Task<ConfigMap> {
    return this.read<ConfigMap>('configmaps', namespace, name);
  }

  secret(namespace: string, name: string): Task<Secret> {
    return this.read<Secret>('secrets', namespace, name);
  }

  services(namespace: string, links: boolean): readonly Service[] {
    const kubernetes = this.known?.get('default', 'kubernetes');
    const own = links ? (this.known?.store.list(namespace) ?? []).filter((service) => service !== kubernetes) : [];
    return kubernetes ? [...own, kubernetes] : own;
  }

  /** Forgets what was read for a namespace, so that the next look sees the newest. */
  refresh(namespace: string): void {
    for (const key of this.held.keys()) if (key.split('/')[1] === namespace) this.held.delete(key);
  }

  private *read<T extends KubeObject>(kind: 'configmaps' | 'secrets', namespace: string, name: string): Task<T> {
    const key = `${kind}/${namespace}/${name}`;
    const known = this.held.get(key);
    if (known && this.kernel.now - known.at < lifetime) return known.object as T;
    this.held.delete(key);
    let asked = this.asked.get(key);
    if (asked === undefined) {
      asked = this.kernel.spawn(`read ${key}`, this.fetch(key, kind, namespace, name), null);
      this.asked.set(key, asked);
    }
    const outcome = yield* join(asked);
    if ('error' in outcome) throw outcome.error;
    return outcome.object as T;
  }

  /** What is not there is named as the kubelet's own cache names it: configmap "a" not found. */
  private *fetch(key: string, kind: 'configmaps' | 'secrets', namespace: string, name: string): Task<Outcome> {
    try {
      const object = yield* this.client.get<KubeObject>(resources[kind], namespace, name);
      this.held.set(key, { object, at: this.kernel.now });
      return { object };
    } catch (error) {
      if (!isApiFailure(error)) throw error;
      return { error: isStatus(error, 'NotFound') ? failure(404, 'NotFound', `${kind.slice(0, -1)} ${JSON.stringify(name)} not found`) : error };
    } finally {
      this.asked.delete(key);
    }
  }
}
