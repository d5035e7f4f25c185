import type { Node } from '../../api';
import { meta } from '../../client';
import type { HostPort, PodInfo } from './pod-info';
import { wholeValue } from './quantity';
import { addAmounts, type Amounts, amountsOf, noAmounts } from './requests';

const any = '0.0.0.0';
const noLabels = {};

/** A node and what is on it. */
export class NodeInfo {
  readonly name: string;
  node: Node;
  labels: Readonly<Record<string, string>> = noLabels;
  allocatable: Amounts = noAmounts();
  maxPods = 0;
  readonly requested = noAmounts();
  readonly scored = noAmounts();
  readonly pods = new Map<string, PodInfo>();
  /** Pods here that keep others away, or that have any Pod affinity. */
  readonly repelling = new Set<PodInfo>();
  readonly attached = new Set<PodInfo>();
  private readonly ports = new Map<string, Set<string>>();

  constructor(node: Node) {
    this.name = meta(node).name;
    this.node = node;
    this.update(node);
  }

  update(node: Node): void {
    this.node = node;
    this.labels = node.metadata?.labels ?? noLabels;
    this.allocatable = amountsOf(node.status?.allocatable);
    this.maxPods = wholeValue(node.status?.allocatable?.['pods']);
  }

  addPod(info: PodInfo): void {
    this.pods.set(info.uid, info);
    addAmounts(this.requested, info.requests);
    addAmounts(this.scored, info.scored);
    if (info.antiAffinity.length > 0) this.repelling.add(info);
    if (info.affinity.length + info.antiAffinity.length + info.preferred.length > 0) this.attached.add(info);
    for (const port of info.ports) this.portsOf(port).add(`${port.ip} ${info.uid}`);
  }

  removePod(uid: string): void {
    const info = this.pods.get(uid);
    if (!info) return;
    this.pods.delete(uid);
    addAmounts(this.requested, info.requests, -1);
    addAmounts(this.scored, info.scored, -1);
    this.repelling.delete(info);
    this.attached.delete(info);
    for (const port of info.ports) this.portsOf(port).delete(`${port.ip} ${uid}`);
  }

  /** Whether a port is taken: 0.0.0.0 is every address. */
  isTaken(port: HostPort): boolean {
    const users = this.ports.get(`${port.protocol}/${port.port}`);
    if (!users || users.size === 0) return false;
    if (port.ip === any) return true;
    for (const user of users) if (user.startsWith(`${any} `) || user.startsWith(`${port.ip} `)) return true;
    return false;
  }

  private portsOf({ protocol, port }: HostPort): Set<string> {
    const key = `${protocol}/${port}`;
    let users = this.ports.get(key);
    if (!users) this.ports.set(key, (users = new Set()));
    return users;
  }
}
