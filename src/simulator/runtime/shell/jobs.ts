import type { LinuxProcess } from '../process/process';
import { signalText } from '../process/signals';

/** A pipeline that the shell started: in the background, or stopped. */
export interface Job {
  readonly number: number;
  readonly text: string;
  readonly processes: readonly LinuxProcess[];
  /** Said to be done already. */
  reported?: boolean;
}

/** A shell's jobs, by number. */
export class JobTable {
  readonly jobs: Job[] = [];

  add(job: Omit<Job, 'number'>): Job {
    const number = Math.max(0, ...this.jobs.map((other) => other.number)) + 1;
    const added = { ...job, number };
    this.jobs.push(added);
    return added;
  }

  remove(job: Job): void {
    const index = this.jobs.indexOf(job);
    if (index >= 0) this.jobs.splice(index, 1);
    for (const process of job.processes) if (process.ended) process.reap();
  }

  get current(): Job | undefined {
    return this.jobs[this.jobs.length - 1];
  }

  /** %1, %%, %+, %-, %name, or a process number. */
  find(text: string): Job | undefined {
    if (!text.startsWith('%')) return this.jobs.find((job) => job.processes.some((process) => process.pid === Number(text)));
    const rest = text.slice(1);
    if (rest === '' || rest === '%' || rest === '+') return this.current;
    if (rest === '-') return this.jobs[this.jobs.length - 2] ?? this.current;
    if (/^\d+$/.test(rest)) return this.jobs.find((job) => job.number === Number(rest));
    return this.jobs.find((job) => (rest.startsWith('?') ? job.text.includes(rest.slice(1)) : job.text.startsWith(rest)));
  }

  mark(job: Job): string {
    return job === this.current ? '+' : job === this.jobs[this.jobs.length - 2] ? '-' : ' ';
  }

  /** The line of `jobs`. */
  describe(job: Job, withPids = false): string {
    const last = job.processes[job.processes.length - 1] as LinuxProcess;
    const state = stateText(job, last);
    const pid = withPids ? `${job.processes[0]?.pid} ` : '';
    return `[${job.number}]${this.mark(job)}  ${pid}${state.padEnd(withPids ? 27 - pid.length : 26)} ${job.text}`.replace(/ +$/, (blank) => (job.text === '' ? blank : ''));
  }
}

export const isDone = (job: Job): boolean => job.processes.every((process) => process.ended);

export const isStopped = (job: Job): boolean => !isDone(job) && job.processes.every((process) => process.ended || process.stopped);

function stateText(job: Job, last: LinuxProcess): string {
  if (!isDone(job)) return isStopped(job) ? 'Stopped' : 'Running';
  if (last.signal) return signalText(last.signal);
  return last.exitCode === 0 ? 'Done' : `Done(${last.exitCode})`;
}
