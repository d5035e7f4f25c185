export { type QueuedPod, SchedulingQueue } from './queue';
