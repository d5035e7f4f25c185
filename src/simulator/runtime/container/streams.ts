import { Channel, type Kernel, type Task } from '../../kernel';
import { bytesOf } from '../files/content';
import type { ProgramStreams } from '../interface';
import type { Handle } from '../process/handle';
import { NullHandle, SinkHandle, WaitList } from '../process/handle';
import { openPipe } from '../process/pipe';
import type { LinuxProcess } from '../process/process';
import { Terminal } from '../process/terminal';
import type { PidNamespace } from '../process/world';

/** The standard streams of a process whose other ends somebody outside holds. */
export interface OpenStreams {
  readonly fds: Handle[];
  readonly terminal: Terminal | undefined;
  /** Binds them to the process and gives what is offered to the outside. */
  connect(process: LinuxProcess): ProgramStreams;
}

/** Passes what arrives on a channel on to a pipe, and its end. */
export function* pump(input: Channel<Uint8Array>, writer: Handle, closeAtEnd: boolean): Task {
  for (;;) {
    const bytes = yield* input.receive();
    if (bytes === undefined) break;
    try {
      yield* writer.write(bytes);
    } catch {
      break; // the reader is gone: what is still typed goes nowhere
    }
  }
  if (closeAtEnd) writer.close();
}

/** Passes keys on to a terminal. */
export function* typeInto(input: Channel<Uint8Array>, terminal: Terminal): Task {
  for (;;) {
    const bytes = yield* input.receive();
    if (bytes === undefined) return;
    terminal.type(bytes);
  }
}

/** Streams for exec: pipes, or a terminal of its own. */
export function openStreams(kernel: Kernel, pids: PidNamespace, options: { readonly stdin: boolean; readonly tty: boolean; readonly terminalName: string; readonly size?: { columns: number; rows: number } }): OpenStreams {
  const stdout = new Channel<Uint8Array>();
  const stderr = new Channel<Uint8Array>();
  const stdin = options.stdin ? new Channel<Uint8Array>() : undefined;
  const released = new WaitList();
  let open = 0;
  if (options.tty) {
    const terminal = new Terminal(options.terminalName, pids, (data) => void stdout.send(data), options.size);
    const handle = terminal.open();
    if (stdin) kernel.spawn('typing', typeInto(stdin, terminal), null);
    return {
      fds: [handle, handle.retain(), handle.retain()],
      terminal,
      connect: (process) => {
        terminal.foreground ??= process.group;
        return offer(process, { stdout, stderr, stdin, terminal, held: () => false, released });
      },
    };
  }
  const sink = (channel: Channel<Uint8Array>, name: string): Handle => {
    open += 1;
    return new SinkHandle(
      name,
      (data) => void channel.send(bytesOf(data).slice()),
      () => {
        open -= 1;
        channel.close();
        released.wake();
      },
    );
  };
  let input: Handle = new NullHandle();
  if (stdin) {
    const { reader, writer } = openPipe();
    input = reader;
    kernel.spawn('input', pump(stdin, writer, true), null);
  }
  return {
    fds: [input, sink(stdout, 'pipe:[31]'), sink(stderr, 'pipe:[32]')],
    terminal: undefined,
    connect: (process) => offer(process, { stdout, stderr, stdin, terminal: undefined, held: () => open > 0, released }),
  };
}

interface Ends {
  readonly stdout: Channel<Uint8Array>;
  readonly stderr: Channel<Uint8Array>;
  readonly stdin: Channel<Uint8Array> | undefined;
  readonly terminal: Terminal | undefined;
  /** Whether somebody still has an output open: exec lasts as long. */
  readonly held: () => boolean;
  readonly released: WaitList;
}

function offer(process: LinuxProcess, ends: Ends): ProgramStreams {
  let gone = false;
  return {
    stdout: ends.stdout,
    stderr: ends.stderr,
    stdin: ends.stdin,
    resize: (columns, rows) => ends.terminal?.resize(columns, rows),
    *exit() {
      const code = yield* process.wait();
      while (ends.held() && !gone) yield* ends.released.wait();
      ends.stdout.close();
      ends.stderr.close();
      return code;
    },
    close: () => {
      gone = true;
      ends.stdin?.close();
      ends.terminal?.hangUp();
      ends.stdout.close();
      ends.stderr.close();
      ends.released.wake();
    },
  };
}
