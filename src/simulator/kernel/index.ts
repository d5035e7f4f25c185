export { assert, AssertionError } from './assert';
export { Channel } from './channel';
export { createKernel, type Kernel, type KernelOptions, type RunEnd, type RunOptions, type Timer } from './kernel';
export { createRandom, type Random } from './random';
export { CancelledError, type Process, type Task, type Wait, type Waker } from './task';
export { calendar, type Duration, formatMicroTime, formatTime, hours, microseconds, milliseconds, minutes, parseTime, seconds, type Time } from './time';
export { type Trace, type TraceRecord } from './trace';
export { Future, join, joinAll, race, sleep, sleepUntil, within } from './wait';
export { utf8Decode, utf8Encode } from './utf8';
