import { isStatus, type Node, type Pod } from '../../api';
import { type Client, type Informer, isApiFailure, isDeleting, meta, resources } from '../../client';
import { formatTime, type Kernel, seconds, sleep, type Task, type Time } from '../../kernel';
import type { Controller } from '../manager/context';
import { isTerminal } from '../pods';

const period = seconds(20);
/** A node that is gone stays in quarantine for so long before its Pods are taken for lost. */
const quarantine = seconds(40);
/** More ended Pods than this are not kept. */
const terminatedThreshold = 12_500;

/** Clears Pods that nobody else will: of nodes that are gone, terminating without ever having had a node, and too many ended ones. */
export const podGcController: Controller = {
  name: 'pod-garbage-collector-controller',
  identity: 'pod-garbage-collector',
  *start({ kernel, client, informers }) {
    const pods = informers.for<Pod>(resources.pods);
    const nodes = informers.for<Node>(resources.nodes);
    pods.store.addIndex('node', (pod) => (pod.spec?.nodeName ? [pod.spec.nodeName] : []));
    pods.store.addIndex('lost', (pod) => (!pod.spec?.nodeName && isDeleting(pod) ? ['terminating'] : isTerminal(pod) ? ['ended'] : []));
    yield* informers.waitSynced();
    const collector = new Collector(kernel, client, pods, nodes);
    for (;;) {
      try {
        yield* collector.collect();
      } catch (error) {
        if (!isApiFailure(error)) throw error;
      }
      yield* sleep(period);
    }
  },
};

class Collector {
  private readonly missing = new Map<string, Time>();

  constructor(private readonly kernel: Kernel, private readonly client: Client, private readonly pods: Informer<Pod>, private readonly nodes: Informer<Node>) {}

  *collect(): Task {
    const ended = this.pods.store.count('lost', 'ended') > terminatedThreshold ? this.pods.store.by('lost', 'ended').slice(0, -terminatedThreshold) : [];
    for (const pod of ended) yield* this.remove(pod, undefined);
    for (const pod of this.pods.store.by('lost', 'terminating')) yield* this.remove(pod, undefined);
    yield* this.collectOrphans();
  }

  private *collectOrphans(): Task {
    const { now } = this.kernel;
    for (const name of this.pods.store.valuesOf('node')) {
      if (this.nodes.get(undefined, name)) {
        this.missing.delete(name);
        continue;
      }
      const since = this.missing.get(name) ?? now;
      this.missing.set(name, since);
      if (now - since < quarantine || (yield* this.exists(name))) continue;
      for (const pod of this.pods.store.by('node', name)) yield* this.remove(pod, 'PodGC: node no longer exists');
      this.missing.delete(name);
    }
  }

  private *exists(name: string): Task<boolean> {
    try {
      yield* this.client.get<Node>(resources.nodes, undefined, name);
      return true;
    } catch (error) {
      if (isStatus(error, 'NotFound')) return false;
      throw error;
    }
  }

  /** A Pod that has not ended is marked as failed first, with the reason if there is one. */
  private *remove(pod: Pod, reason: string | undefined): Task {
    const { name, namespace, uid, generation } = meta(pod);
    const condition = reason !== undefined && {
      type: 'DisruptionTarget', status: 'True', reason: 'DeletionByPodGC', message: reason, lastTransitionTime: formatTime(this.kernel.now),
      ...(generation !== undefined && { observedGeneration: generation }),
    };
    try {
      if (!isTerminal(pod)) {
        const status = { phase: 'Failed', ...(condition && { conditions: [condition] }) };
        yield* this.client.patch(resources.pods, namespace, name, 'application/strategic-merge-patch+json', { metadata: { uid }, status }, { subresource: 'status' });
      }
      yield* this.client.delete(resources.pods, namespace, name, { gracePeriodSeconds: 0, preconditions: { uid } });
    } catch (error) {
      if (!isStatus(error, 'NotFound') && !isStatus(error, 'Conflict')) throw error;
    }
  }
}

