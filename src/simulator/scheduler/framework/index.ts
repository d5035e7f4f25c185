export type { ClusterEvent } from './event';
export { isVerdict, normalizeByHighest, type Plugin, type PreparedFilter, type PreparedScore, type Reservation, verdict, type Verdict, type World } from './plugin';
