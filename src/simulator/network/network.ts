import type { Kernel } from '../kernel';
import { assert } from '../kernel';
import type { FlowQuery, IpAddress, Network, NetworkNamespace, NetworkNode } from './interface';
import { Links, type LinkSetting } from './links';
import { Namespace } from './namespace';
import { Node } from './node';
import type { Wire } from './path';

class SimulatedNetwork implements Network {
  private readonly nodes = new Map<string, Node>();
  private readonly wire: Wire;

  constructor(kernel: Kernel) {
    this.wire = { kernel, links: new Links(), nodes: this.nodes, owners: new Map(), topology: 0, allow: undefined };
  }

  addNode(name: string, address: IpAddress): NetworkNode {
    assert(!this.nodes.has(name), `node ${name} is on the network once`);
    const node = new Node(this.wire, name, address);
    this.nodes.set(name, node);
    return node;
  }

  removeNode(name: string): void {
    this.nodes.get(name)?.vanish();
    this.nodes.delete(name);
  }

  addHost(name: string, address: IpAddress): NetworkNamespace {
    return new Namespace(this.wire, name, [address], undefined);
  }

  setLink(a: string, b: string, link: LinkSetting): void {
    this.wire.links.set(a, b, link);
  }

  setFilter(allow: ((flow: FlowQuery) => boolean) | undefined): void {
    this.wire.allow = allow;
  }

  owner(address: IpAddress): NetworkNamespace | undefined {
    return this.wire.owners.get(address);
  }
}

/** An empty network on the kernel's clock. */
export const createNetwork = ({ kernel }: { readonly kernel: Kernel }): Network => new SimulatedNetwork(kernel);
