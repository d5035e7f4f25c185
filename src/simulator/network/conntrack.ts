import { seconds, type Time } from '../kernel';
import type { Endpoint } from './interface';
import type { Path } from './path';

/** 10.0.0.1:80, the key of an endpoint. */
export const endpointKey = (endpoint: Endpoint): string => `${endpoint.address}:${endpoint.port}`;

/** A tracked UDP flow through a node's translation. */
export interface DatagramFlow {
  readonly virtual: Endpoint;
  readonly origin: Endpoint;
  readonly path: Path;
  expires: Time;
  replied: boolean;
}

/** nf_conntrack_udp_timeout, before and after the first answer. */
const unreplied = seconds(30);
const stream = seconds(120);
const few = 4096;

/**
 * One node's connection tracking of UDP: a flow keeps its endpoint for as long as packets come, whatever became of the
 * endpoint, until it is forgotten. (TCP needs none: a connection holds its own path.)
 */
export class DatagramTracking {
  private readonly flows = new Map<string, DatagramFlow>();
  private readonly replies = new Map<string, DatagramFlow>();
  /** So many flows may be tracked before those that have expired are looked for. */
  private enough = few;

  get size(): number {
    return this.flows.size;
  }

  /** The flow of packets from `origin` to `virtual`, kept alive by the looking. */
  find(now: Time, origin: Endpoint, virtual: Endpoint): DatagramFlow | undefined {
    if (this.flows.size === 0) return undefined;
    return this.touch(now, this.flows.get(`${endpointKey(origin)} ${endpointKey(virtual)}`));
  }

  /** The flow that a packet from an endpoint to a (masqueraded) client answers. */
  reply(now: Time, from: Endpoint, to: Endpoint): DatagramFlow | undefined {
    if (this.replies.size === 0) return undefined;
    const flow = this.replies.get(`${endpointKey(from)} ${endpointKey(to)}`);
    if (flow) flow.replied = true;
    return this.touch(now, flow);
  }

  add(now: Time, origin: Endpoint, virtual: Endpoint, path: Path): void {
    if (this.flows.size > this.enough) this.sweep(now);
    const flow: DatagramFlow = { virtual, origin, path, expires: now + unreplied, replied: false };
    this.flows.set(`${endpointKey(origin)} ${endpointKey(virtual)}`, flow);
    this.replies.set(`${endpointKey(path.to)} ${endpointKey(path.from)}`, flow);
  }

  /** Forgets flows to `virtual` that lead to `endpoint`. */
  forget(virtual: Endpoint, endpoint: Endpoint): void {
    for (const flow of this.flows.values())
      if (endpointKey(flow.virtual) === endpointKey(virtual) && endpointKey(flow.path.to) === endpointKey(endpoint)) this.drop(flow);
  }

  private touch(now: Time, flow: DatagramFlow | undefined): DatagramFlow | undefined {
    if (!flow) return undefined;
    if (flow.expires < now) {
      this.drop(flow);
      return undefined;
    }
    flow.expires = now + (flow.replied ? stream : unreplied);
    return flow;
  }

  private sweep(now: Time): void {
    for (const flow of this.flows.values()) if (flow.expires < now) this.drop(flow);
    this.enough = Math.max(few, this.flows.size * 2); // looking costs as much as there are, so it happens once per so many new ones
  }

  private drop(flow: DatagramFlow): void {
    this.flows.delete(`${endpointKey(flow.origin)} ${endpointKey(flow.virtual)}`);
    this.replies.delete(`${endpointKey(flow.path.to)} ${endpointKey(flow.path.from)}`);
  }
}
