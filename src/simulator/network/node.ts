import { formatAddress, parseRange, rangeHolds, type AddressRange } from './addresses';
import { NetworkError, type Endpoint, type IpAddress, type NetworkNode } from './interface';
import { Namespace } from './namespace';
import type { Wire } from './path';
import { Rules } from './rules';

/** A machine: its host namespace, its rules, its range of pod addresses with the bridge that holds the first of them. */
export class Node implements NetworkNode {
  readonly host: Namespace;
  readonly rules: Rules;
  removed = false;
  readonly pods = new Set<Namespace>();
  private readonly beside: AddressRange;
  private range: AddressRange | undefined;
  private rangeText: string | undefined;
  private lastGiven = 0;
  private nextPort: number;

  constructor(private readonly wire: Wire, readonly name: string, readonly address: IpAddress) {
    this.rules = new Rules(wire.kernel);
    this.host = new Namespace(wire, name, [address], this);
    this.beside = parseRange(`${address}/24`) as AddressRange;
    this.nextPort = 1024 + wire.kernel.random.int(50_000);
  }

  get podRange(): string | undefined {
    return this.rangeText;
  }

  set podRange(text: string | undefined) {
    const before = this.gateway;
    if (before) this.host.drop(before);
    this.rangeText = text;
    this.range = text === undefined ? undefined : parseRange(text);
    this.lastGiven = 0;
    const gateway = this.gateway;
    if (gateway) this.host.take(gateway);
  }

  /** The bridge's address, the pods' gateway. */
  get gateway(): IpAddress | undefined {
    return this.range && formatAddress(this.range.first + 1);
  }

  get podPrefix(): number {
    return this.range?.prefix ?? 24;
  }

  createPodNamespace(name: string): Namespace {
    const namespace = new Namespace(this.wire, name, [this.nextAddress()], this);
    this.pods.add(namespace);
    return namespace;
  }

  forwardHostPort(protocol: 'TCP' | 'UDP', at: { readonly address?: IpAddress; readonly port: number }, to: Endpoint): () => void {
    return this.rules.addHostPort(protocol, at, to);
  }

  /** What this node calls itself when it talks to `target`: the bridge to its own pods, else its address. */
  addressToward(target: Namespace): IpAddress {
    return (target.node === this && target !== this.host ? this.gateway : undefined) ?? this.address;
  }

  masqueradePort(): number {
    this.nextPort = this.nextPort >= 65_535 ? 1024 : this.nextPort + 1;
    return this.nextPort;
  }

  onLink(address: IpAddress): boolean {
    return rangeHolds(this.beside, address) || (this.range !== undefined && rangeHolds(this.range, address));
  }

  isPodAddress(address: IpAddress): boolean {
    return this.range !== undefined && rangeHolds(this.range, address);
  }

  /** The machine loses power: nobody gets to hear of it. */
  vanish(): void {
    this.removed = true;
    for (const pod of [...this.pods]) pod.vanish();
    this.host.vanish();
  }

  /** One after the other, and around, as the host-local plugin gives them. */
  private nextAddress(): IpAddress {
    const { range } = this;
    if (!range) throw new NetworkError('EADDRNOTAVAIL', 'the node has no range of pod addresses');
    const usable = range.size - 3; // without network, gateway and broadcast
    for (let tried = 0; tried < usable; tried++) {
      this.lastGiven = (this.lastGiven % usable) + 1;
      const address = formatAddress(range.first + 1 + this.lastGiven);
      if (!this.wire.owners.has(address)) return address;
    }
    const last = formatAddress(range.first + range.size - 2);
    throw new NetworkError('EADDRNOTAVAIL', `no IP addresses available in range set: ${formatAddress(range.first + 1)}-${last}`);
  }
}
