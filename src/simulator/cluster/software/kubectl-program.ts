import type { ApiHandler, ApiRequest, Credentials, Describe } from '../../api';
import { type Client, ConnectionError as Unreachable, createClient } from '../../client';
import { Channel, Future, type Kernel, type Task } from '../../kernel';
import { ConnectionError, type HostFiles, type HostTerminal, type Input, kubectl, type KubectlHost, type Output } from '../../kubectl';
import type { NetworkNamespace } from '../../network';
import { type Program, type System, SystemError } from '../../runtime';
import { identities, userAgent } from '../identities';
import { credentialsOf } from './kubeconfig';

/** What kubectl prints, in the order in which it printed it, on its way to the program's streams. */
class Printer {
  private readonly line = new Channel<{ readonly to: 'stdout' | 'stderr'; readonly data: string | Uint8Array }>();
  private readonly drained = new Future<void>();

  constructor(private readonly system: System) {
    system.thread('output', this.drain());
  }

  output(to: 'stdout' | 'stderr'): Output {
    return { isTerminal: this.system[to].isTerminal, write: (data) => void this.line.send({ to, data }) };
  }

  /** Comes back when everything is written. */
  *finish(): Task {
    this.line.close();
    yield* this.drained.wait();
  }

  private *drain(): Task {
    for (let part = yield* this.line.receive(); part; part = yield* this.line.receive()) {
      try {
        yield* this.system[part.to].write(part.data);
      } catch (error) {
        if (!(error instanceof SystemError)) throw error;
        break; // nobody reads any more
      }
    }
    this.drained.resolve();
  }
}

const inputOf = (system: System): Input => ({
  isTerminal: system.stdin.isTerminal,
  read: () => system.stdin.read(),
});

function filesOf(system: System): HostFiles {
  const { files } = system;
  return {
    get cwd() {
      return system.cwd;
    },
    read: (path) => files.readFile(path),
    write: (path, data) => files.writeFile(path, data),
    kind: (path) => (files.exists(path) ? (files.status(path).type === 'folder' ? 'folder' : 'file') : undefined),
    list: (path) => [...files.list(path)].sort(),
    makeFolder: (path) => files.makeFolder(path, { parents: true }),
    remove: (path) => files.remove(path),
  };
}

function terminalOf(system: System): HostTerminal | undefined {
  if (!system.stdin.isTerminal) return undefined;
  return {
    get columns() {
      return system.terminalSize?.columns ?? 80;
    },
    get rows() {
      return system.terminalSize?.rows ?? 24;
    },
    setRaw: (raw) => system.setRawTerminal?.(raw),
    onResize: (listener) => {
      system.onSignal('WINCH', listener);
      return () => system.onSignal('WINCH', undefined);
    },
  };
}

function listen(kernel: Kernel, network: NetworkNamespace): NonNullable<KubectlHost['listen']> {
  return (address, port) => {
    const listener = network.listen({ address, port });
    return {
      port: listener.local.port,
      *accept() {
        const connection = yield* listener.accept();
        if (!connection) return undefined;
        const outgoing = new Channel<Uint8Array>();
        kernel.spawn('to the client', (function* (): Task {
          for (let data = yield* outgoing.receive(); data; data = yield* outgoing.receive()) yield* connection.write(data);
          connection.close();
        })());
        return {
          read: () => connection.read(),
          write: (data) => void outgoing.send(data),
          close: () => outgoing.close(),
        };
      },
      close: () => listener.close(),
    };
  };
}

export interface KubectlOptions {
  readonly kernel: Kernel;
  readonly handler: ApiHandler;
  /** Where the API server is, as kubeconfigs write it. */
  readonly server: string;
  readonly describe?: Describe;
}

/** kubectl as a program of the workstation: what it asks of its host, it finds in the process that it runs in. */
export function kubectlProgram({ kernel, handler, server, describe }: KubectlOptions): Program {
  const refused = (at: string): ConnectionError => new ConnectionError('refused', `dial tcp ${at}: connect: connection refused`);
  function* reach(request: ApiRequest): ReturnType<ApiHandler> {
    try {
      return yield* handler(request);
    } catch (error) {
      throw error instanceof Unreachable ? refused(server.replace('https://', '')) : error;
    }
  }
   
  function* nobody(): ReturnType<ApiHandler> {
    throw refused('127.0.0.1:8080');
  }
  const clientAs = (credentials: Credentials, at = server): Client =>
    createClient({ kernel, handler: at === server ? reach : nobody, credentials, userAgent: userAgent('kubectl'), latency: 0 });
  return function* (system) {
    const printer = new Printer(system);
    const terminal = terminalOf(system);
    const host: KubectlHost = {
      argv: system.argv.slice(1),
      env: system.env,
      stdin: inputOf(system),
      stdout: printer.output('stdout'),
      stderr: printer.output('stderr'),
      files: filesOf(system),
      client: clientAs(identities.admin),
      connect: ({ server: at, credentials, user }) => clientAs(credentials ?? credentialsOf(user), at),
      now: () => kernel.now,
      ...(terminal && { terminal }),
      ...(describe && { describe }),
      edit: (editor, path) => system.spawn(['sh', '-c', `${editor} "$1"`, 'sh', path]).wait(),
      listen: listen(kernel, system.network),
      spawn: (name, task) => kernel.spawn(name, task),
    };
    const code = yield* kubectl(host);
    yield* printer.finish();
    return code;
  };
}
