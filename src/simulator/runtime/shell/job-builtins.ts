import type { Task } from '../../kernel';
import { SystemError } from '../interface';
import { errorText } from '../files/errors';
import type { Output } from '../process/program';
import { parseSignal, signalNames, signalNumber } from '../process/signals';
import { isDone, type Job } from './jobs';
import { reportDeath, runForeground } from './pipeline';
import type { Shell } from './shell';
import { ShellError } from './variables';

function jobOf(shell: Shell, argv: readonly string[]): Job {
  const [name = '', word] = argv;
  const job = word === undefined ? shell.jobs.current : shell.jobs.find(word);
  if (job) return job;
  shell.complain(word === undefined ? 'No current job' : `No such job: ${word}`, name);
  throw new ShellError('', 2);
}

export function jobs(shell: Shell, argv: readonly string[], out: Output): number {
  const long = argv.includes('-l');
  const pidsOnly = argv.includes('-p');
  for (const job of [...shell.jobs.jobs]) {
    out.write(pidsOnly ? `${job.processes[0]?.pid}\n` : `${shell.jobs.describe(job, long)}\n`);
    if (isDone(job)) shell.jobs.remove(job);
  }
  return 0;
}

export function* fg(shell: Shell, argv: readonly string[]): Task<number> {
  const job = jobOf(shell, argv);
  yield* shell.process.fd(1).write(`${job.text}\n`);
  for (const process of job.processes) process.deliver('CONT');
  return yield* runForeground(shell, job.processes, job);
}

export function bg(shell: Shell, argv: readonly string[], out: Output): number {
  const job = jobOf(shell, argv);
  for (const process of job.processes) process.deliver('CONT');
  out.write(`[${job.number}] ${job.text}\n`);
  return 0;
}

/** wait: for all background jobs, or those named. A trapped signal ends it early. */
export function* wait(shell: Shell, argv: readonly string[]): Task<number> {
  const words = argv.slice(1).filter((word) => word !== '--');
  if (words.length === 0) {
    for (const job of [...shell.jobs.jobs]) {
      const signalled = yield* awaitJob(shell, job);
      if (signalled !== undefined) return signalled;
      shell.jobs.remove(job);
    }
    return 0;
  }
  let status = 0;
  for (const word of words) {
    if (!/^\d+$/.test(word) && !word.startsWith('%')) {
      shell.complain(`Illegal number: ${word}`, 'wait');
      throw new ShellError('', 2);
    }
    const job = shell.jobs.find(word);
    if (!job) {
      status = 127;
      continue;
    }
    const signalled = yield* awaitJob(shell, job);
    if (signalled !== undefined) return signalled;
    const last = job.processes[job.processes.length - 1];
    status = last?.exitCode ?? 127;
    if (last) reportDeath(shell, last);
    shell.jobs.remove(job);
  }
  return status;
}

function* awaitJob(shell: Shell, job: Job): Task<number | undefined> {
  while (!isDone(job)) {
    const [signal] = shell.pendingTraps;
    if (signal) return 128 + signalNumber(signal);
    if (shell.interrupted) return 130;
    yield* shell.process.events.wait();
  }
  return undefined;
}

/** kill with the shell's job numbers. */
export function kill(shell: Shell, argv: readonly string[], out: Output): number {
  let words = argv.slice(1);
  let name = 'TERM';
  const { name: shellName } = shell;
  if (words[0] === '-l') {
    const [, which] = words;
    if (which === undefined) out.write(signalNames.map((signal, index) => `${String(index + 1).padStart(2)}) ${signal}\n`).join(''));
    else out.write(/^\d+$/.test(which) ? `${signalNames[(Number(which) > 128 ? Number(which) - 128 : Number(which)) - 1] ?? which}\n` : `${signalNumber(parseSignal(which) ?? 'TERM')}\n`);
    return 0;
  }
  if (words[0] === '-s' || words[0] === '-n') {
    name = words[1] ?? '';
    words = words.slice(2);
  } else if (/^-./.test(words[0] ?? '') && words[0] !== '--') {
    name = (words[0] as string).slice(1);
    words = words.slice(1);
  }
  if (words[0] === '--') words = words.slice(1);
  const signal = name === '0' ? 0 : parseSignal(name);
  if (signal === undefined) {
    out.error(`${shellName}: bad signal name '${name}'\n`);
    return 1;
  }
  if (words.length === 0) {
    out.error(`${shellName}: you need to specify whom to kill\n`);
    return 1;
  }
  let status = 0;
  for (const word of words) {
    const job = word.startsWith('%') ? shell.jobs.find(word) : undefined;
    if (word.startsWith('%') && !job) {
      out.error(`${shellName}: can't kill pid ${word}: No such process\n`);
      status = 1;
      continue;
    }
    if (!job && !/^-?\d+$/.test(word)) {
      out.error(`${shellName}: invalid number '${word}'\n`);
      status = 1;
      continue;
    }
    try {
      if (job) {
        for (const process of job.processes) if (!process.ended && signal !== 0) process.deliver(signal);
      } else shell.process.system.kill(Number(word), signal);
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      out.error(`${shellName}: can't kill pid ${word}: ${errorText(error.code)}\n`);
      status = 1;
    }
  }
  return status;
}
