import type { Task } from '../../kernel';
import { NullHandle } from '../process/handle';
import { openPipe } from '../process/pipe';
import type { LinuxProcess } from '../process/process';
import { signalText } from '../process/signals';
import type { Node } from './ast';
import { isStopped, type Job } from './jobs';
import type { Shell } from './shell';

/** Starts the commands of a pipeline, each in a process of its own. */
function startPipeline(shell: Shell, commands: readonly Node[], background: boolean): LinuxProcess[] {
  const processes: LinuxProcess[] = [];
  let input = background && !shell.options.monitor ? new NullHandle() : undefined;
  let reader: ReturnType<typeof openPipe>['reader'] | undefined;
  for (const [index, command] of commands.entries()) {
    const child = shell.fork();
    const last = index === commands.length - 1;
    if (shell.options.monitor && !shell.isSubshell) child.process.group = processes[0]?.pid ?? child.process.pid;
    else child.process.group = shell.process.group;
    if (reader) child.process.setFd(0, reader);
    else if (input) child.process.setFd(0, input);
    input = undefined;
    reader = undefined;
    if (!last) {
      const pipe = openPipe();
      child.process.setFd(1, pipe.writer);
      reader = pipe.reader;
    }
    if (background && !shell.options.monitor) {
      child.process.handle('INT', 'ignore');
      child.process.handle('QUIT', 'ignore');
    }
    child.tested = shell.tested;
    child.run(shell.evaluate(child, command, true));
    processes.push(child.process);
  }
  return processes;
}

/** Runs a pipeline in the foreground; its status is the last command's, or with pipefail that of the last that failed. */
export function* runPipeline(shell: Shell, node: Node & { type: 'pipeline' }): Task<number> {
  return yield* runForeground(shell, startPipeline(shell, node.commands, false));
}

/** Starts a command in the background. */
export function startBackground(shell: Shell, node: Node, source: string): number {
  const commands = node.type === 'pipeline' && !node.negated ? node.commands : [node];
  const processes = startPipeline(shell, commands, true);
  const last = processes[processes.length - 1] as LinuxProcess;
  shell.lastBackground = last.pid;
  const job = shell.addJob({ text: shell.interactive ? source : '', processes });
  if (shell.interactive && !shell.isSubshell) shell.writeError(`[${job.number}] ${last.pid}\n`);
  return 0;
}

/** Waits for processes in the foreground; says of what they died. A stopped one becomes a job. */
export function* runForeground(shell: Shell, processes: readonly LinuxProcess[], job?: Job): Task<number> {
  const terminal = shell.options.monitor && !shell.isSubshell ? shell.process.terminal : undefined;
  const last = processes[processes.length - 1] as LinuxProcess;
  if (terminal) terminal.foreground = last.group;
  try {
    for (const process of processes) {
      while (!process.ended) {
        if (process.stopped && shell.options.monitor) return stopJob(shell, processes, job);
        yield* shell.process.events.wait();
      }
    }
  } finally {
    if (terminal) terminal.foreground = shell.process.group;
  }
  let status = last.exitCode;
  if (shell.options.pipefail && status === 0) for (const process of processes) if (process.exitCode !== 0) status = process.exitCode;
  for (const process of processes) process.reap();
  if (job) shell.jobs.remove(job);
  reportDeath(shell, last);
  return status;
}

/** The word that a shell prints when a child was killed; nothing for SIGPIPE, a new line for ^C. */
export function reportDeath(shell: Shell, process: LinuxProcess): void {
  if (!process.signal || process.signal === 'PIPE') return;
  if (process.signal === 'INT') {
    if (shell.interactive) shell.writeError('\n');
    return;
  }
  shell.writeError(`${signalText(process.signal)}\n`);
}

function stopJob(shell: Shell, processes: readonly LinuxProcess[], existing: Job | undefined): number {
  const job = existing ?? shell.addJob({ text: (processes[0] as LinuxProcess).argv.join(' '), processes });
  if (isStopped(job)) shell.writeError(`\n${shell.jobs.describe(job)}\n`);
  return 148;
}
