import type { Node } from '../../api';
import { meta, resources, runController, WorkQueue } from '../../client';
import type { Controller } from '../manager/context';

/** The /24 networks of a /8 … /24 network, handed out in turn. */
class Ranges {
  private readonly taken = new Set<number>();
  private next = 0;
  private readonly base: number;
  private readonly count: number;

  constructor(cidr: string) {
    const [address = '', length = '16'] = cidr.split('/');
    this.base = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
    this.count = 2 ** (24 - Number(length));
  }

  take(): string | undefined {
    for (let tries = 0; tries < this.count; tries++) {
      const index = this.next;
      this.next = (this.next + 1) % this.count;
      if (this.taken.has(index)) continue;
      this.taken.add(index);
      return this.text(index);
    }
    return undefined;
  }

  occupy(cidr: string): void {
    this.taken.add(this.indexOf(cidr));
  }

  release(cidr: string): void {
    this.taken.delete(this.indexOf(cidr));
  }

  private text(index: number): string {
    const address = this.base + index * 256;
    return `${[24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')}/24`;
  }

  private indexOf(cidr: string): number {
    const address = (cidr.split('/')[0] ?? '').split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
    return Math.floor((address - this.base) / 256);
  }
}

/** Gives each Node a /24 of the cluster's Pod network. */
export const nodeIpamController: Controller = {
  name: 'node-ipam-controller',
  identity: 'node-controller',
  *start({ kernel, client, informers, options, recorder }) {
    const cidr = options.clusterCidr ?? '10.244.0.0/16';
    if (cidr === '') return;
    const ranges = new Ranges(cidr);
    const nodes = informers.for<Node>(resources.nodes);
    yield* informers.waitSynced();
    const events = recorder('cidrAllocator');
    const queue = new WorkQueue(kernel);
    for (const node of nodes.store.list()) if (node.spec?.podCIDR) ranges.occupy(node.spec.podCIDR);
    nodes.addHandlers({
      add: (node) => queue.add(meta(node).name),
      update: (_, node) => node.spec?.podCIDR || queue.add(meta(node).name),
      delete: (node) => node.spec?.podCIDR && ranges.release(node.spec.podCIDR),
    });
    runController({
      kernel, name: 'node-ipam-controller', queue, workers: 1,
      *sync(name) {
        const node = nodes.get(undefined, name);
        if (!node) return;
        if (node.spec?.podCIDR) return ranges.occupy(node.spec.podCIDR);
        const podCIDR = ranges.take();
        if (!podCIDR) return events.event({ kind: 'Node', name, uid: meta(node).uid, namespace: '' }, 'Normal', 'CIDRNotAvailable', `Node ${name} status is now: CIDRNotAvailable`);
        try {
          yield* client.patch(resources.nodes, undefined, name, 'application/strategic-merge-patch+json', { spec: { podCIDR, podCIDRs: [podCIDR] } });
        } catch (error) {
          ranges.release(podCIDR);
          throw error;
        }
      },
    });
  },
};
