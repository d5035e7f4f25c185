import { isStatus, type KubeObject } from '../api';
import { type Duration, formatMicroTime, type Kernel, seconds, sleep, type Task, type Time } from '../kernel';
import type { Client } from './client';
import { isApiFailure } from './failure';
import { resources } from './resources';

export interface LeaderElectionOptions {
  readonly kernel: Kernel;
  readonly client: Client;
  readonly namespace: string;
  /** The Lease that the candidates share. */
  readonly name: string;
  /** Who this candidate is: hostname_uuid. */
  readonly identity: string;
  /** Default 15 s, 10 s and 2 s. */
  readonly leaseDuration?: Duration;
  readonly renewDeadline?: Duration;
  readonly retryPeriod?: Duration;
  /** Runs while this candidate leads; cancelled when it no longer does. */
  lead(): Task;
}

interface LeaseSpec {
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  readonly acquireTime?: string;
  readonly renewTime?: string;
  readonly leaseTransitions?: number;
}

type Lease = KubeObject & { readonly spec?: LeaseSpec };

/** Stands for election until it is cancelled: leads while it holds the Lease, and gives it back when it stops. */
export function* runLeaderElection(options: LeaderElectionOptions): Task {
  const { kernel, retryPeriod = seconds(2), renewDeadline = seconds(10) } = options;
  const candidate = new Candidate(options);
  try {
    for (;;) {
      while (!(yield* candidate.tryHold())) yield* sleep(Math.round(retryPeriod * (1 + 0.2 * kernel.random.float())));
      const leader = kernel.spawn(`${options.name} leads`, options.lead());
      let renewed = kernel.now;
      while (kernel.now - renewed < renewDeadline && leader.state === 'running') {
        yield* sleep(retryPeriod);
        if (yield* candidate.tryHold()) renewed = kernel.now;
        else if (candidate.lost) break;
      }
      leader.cancel();
    }
  } finally {
    candidate.release();
  }
}

class Candidate {
  lost = false;
  private observed: { readonly version: string; readonly at: Time } | undefined;
  private held: Lease | undefined;

  constructor(private readonly options: LeaderElectionOptions) {}

  /** One attempt to get or keep the Lease; false when another has it or the server fails. */
  *tryHold(): Task<boolean> {
    try {
      return yield* this.hold();
    } catch (error) {
      if (!isApiFailure(error)) throw error;
      return false;
    }
  }

  /** Gives the Lease back in a process of its own, as the candidate's may not wait any more. */
  release(): void {
    const { kernel, client } = this.options;
    const lease = this.held;
    if (!lease) return;
    const now = formatMicroTime(kernel.now);
    const spec = { ...lease.spec, holderIdentity: '', leaseDurationSeconds: 1, acquireTime: now, renewTime: now };
    function* give(): Task {
      try {
        yield* client.update(resources.leases, { ...lease, spec } as KubeObject);
      } catch (error) {
        if (!isApiFailure(error)) throw error;
      }
    }
    kernel.spawn(`${this.options.name} releases its lease`, give(), null);
  }

  private *hold(): Task<boolean> {
    const { kernel, client, namespace, name, identity, leaseDuration = seconds(15) } = this.options;
    const now = formatMicroTime(kernel.now);
    const fresh: LeaseSpec = { holderIdentity: identity, leaseDurationSeconds: leaseDuration / seconds(1), acquireTime: now, renewTime: now, leaseTransitions: 0 };
    let lease = this.held;
    if (!lease) {
      try {
        lease = yield* client.get<Lease>(resources.leases, namespace, name);
      } catch (error) {
        if (!isStatus(error, 'NotFound')) throw error;
        this.held = yield* client.create<Lease>(resources.leases, namespace, { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name, namespace }, spec: fresh } as KubeObject);
        return true;
      }
    }
    const holder = lease.spec?.holderIdentity ?? '';
    const mine = holder === identity;
    if (!mine && holder !== '' && !this.expired(lease, leaseDuration)) {
      this.lost = true;
      return false;
    }
    const spec: LeaseSpec = mine
      ? { ...fresh, ...(lease.spec?.acquireTime && { acquireTime: lease.spec.acquireTime }), leaseTransitions: lease.spec?.leaseTransitions ?? 0 }
      : { ...fresh, leaseTransitions: (lease.spec?.leaseTransitions ?? 0) + 1 };
    this.held = undefined;
    this.held = yield* client.update<Lease>(resources.leases, { ...lease, spec } as KubeObject);
    this.lost = false;
    return true;
  }

  /** Candidates go by their own clock: how long they have seen the Lease unchanged. */
  private expired(lease: Lease, leaseDuration: Duration): boolean {
    const version = lease.metadata?.resourceVersion ?? '';
    const { now } = this.options.kernel;
    if (this.observed?.version !== version) this.observed = { version, at: now };
    return now - this.observed.at > leaseDuration;
  }
}
