import type { Lease, Node, NodeCondition } from '../../api';
import { meta } from '../../client';
import { type Duration, formatTime, parseTime, seconds, type Time } from '../../kernel';

/** How long a node may be silent, and how long a new one. */
const gracePeriod: Duration = seconds(50);
const startupGracePeriod: Duration = seconds(60);

interface Record {
  /** What the node said last, so that anything new is noticed. */
  heartbeat: string;
  renewal: string;
  lastSign: Time;
}

const watched = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'];

/** Remembers when each node was last heard of. */
export class Health {
  private readonly records = new Map<string, Record>();

  forget(name: string): void {
    this.records.delete(name);
  }

  /** The node's conditions after it has been silent for too long; undefined while it is not. */
  silent(node: Node, lease: Lease | undefined, now: Time): readonly NodeCondition[] | undefined {
    const record = this.note(node, lease, now);
    const ready = node.status?.conditions?.find(({ type }) => type === 'Ready');
    const patience = ready ? gracePeriod : startupGracePeriod;
    if (now - record.lastSign <= patience) return undefined;
    const conditions = node.status?.conditions ?? [];
    const time = formatTime(now);
    const changed = watched.filter((type) => conditions.find((condition) => condition.type === type)?.status !== 'Unknown');
    if (changed.length === 0) return undefined;
    const known = conditions.map((condition) => (changed.includes(condition.type)
      ? { ...condition, status: 'Unknown', reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.', lastTransitionTime: time }
      : condition));
    const never = changed.filter((type) => !conditions.some((condition) => condition.type === type)).map((type) => ({
      type, status: 'Unknown', reason: 'NodeStatusNeverUpdated', message: 'Kubelet never posted node status.', lastHeartbeatTime: meta(node).creationTimestamp, lastTransitionTime: time,
    }));
    return [...known, ...never];
  }

  private note(node: Node, lease: Lease | undefined, now: Time): Record {
    const { name, creationTimestamp } = meta(node);
    const ready = node.status?.conditions?.find(({ type }) => type === 'Ready');
    const heartbeat = ready === undefined || ready.status === 'Unknown' ? '' : `${ready.status} ${ready.lastHeartbeatTime ?? ''}`;
    const renewal = lease?.spec?.renewTime ?? '';
    let record = this.records.get(name);
    if (!record) {
      const since = heartbeat === '' ? (parseTime(creationTimestamp) ?? now) : now;
      this.records.set(name, (record = { heartbeat, renewal, lastSign: since }));
    } else if ((record.heartbeat !== heartbeat && heartbeat !== '') || record.renewal !== renewal) {
      record.lastSign = now;
      record.heartbeat = heartbeat;
      record.renewal = renewal;
    }
    return record;
  }
}
