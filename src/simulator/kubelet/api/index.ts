import { type ApiResponse, failure } from '../../api';
import type { Kernel, Task } from '../../kernel';
import { type Connection, NetworkError, type NetworkNamespace } from '../../network';
import { type Container, StartError } from '../../runtime';
import type { PodWorker } from '../pod-worker';
import { logResponse, type LogOptions } from './logs';
import { connectStreams, failedConnection, type StreamOptions } from './streams';

export type { LogOptions } from './logs';
export type { StreamOptions } from './streams';

/** What the API server asks of a kubelet (its port 10250). Throws StatusErrors with the kubelet's texts. */
export interface KubeletServer {
  logs(namespace: string, pod: string, container: string, options: LogOptions & { readonly previous?: boolean }): Task<ApiResponse>;
  exec(namespace: string, pod: string, container: string, command: readonly string[], options: StreamOptions): Task<ApiResponse>;
  attach(namespace: string, pod: string, container: string, options: StreamOptions): Task<ApiResponse>;
  /** A connection to a port inside the Pod, on its loopback. */
  portForward(namespace: string, pod: string, port: number): Task<Connection>;
  /** CPU and memory that each running container uses. */
  stats(): readonly { readonly namespace: string; readonly pod: string; readonly container: string; readonly cpuNanoseconds: number; readonly memoryBytes: number }[];
}

/** The kubelet's own API over the Pods that it runs. */
export function createServer(kernel: Kernel, find: (namespace: string, name: string) => PodWorker | undefined, workers: () => Iterable<PodWorker>): KubeletServer {
  const record = (namespace: string, pod: string, name: string) => find(namespace, pod)?.records.find((r) => r.spec.name === name);

  const running = (namespace: string, pod: string, name: string): Container => {
    const container = record(namespace, pod, name)?.current;
    if (container?.state.status !== 'running') throw failure(404, 'NotFound', `container not found ("${name}")`);
    return container;
  };

  return {
    *logs(namespace, pod, name, options) {
      const known = record(namespace, pod, name);
      if (!known) throw failure(404, 'NotFound', `pod "${pod}_${namespace}" not found`);
      const container = options.previous ? known.previous ?? (known.waiting ? known.current : undefined) : known.current;
      if (!container) {
        if (options.previous) throw failure(400, 'BadRequest', `previous terminated container "${name}" in pod "${pod}" not found`);
        throw failure(400, 'BadRequest', `container "${name}" in pod "${pod}" is waiting to start: ${known.waiting?.reason ?? 'ContainerCreating'}`);
      }
      return logResponse(kernel, container, options);
    },

    *exec(namespace, pod, name, command, options) {
      const container = running(namespace, pod, name);
      try {
        return connectStreams(kernel, yield* container.exec(command, { stdin: options.stdin, tty: options.tty }), options, true);
      } catch (error) {
        if (!(error instanceof StartError)) throw error;
        return failedConnection(`Internal error occurred: error executing command in container: ${error.message}`);
      }
    },

    *attach(namespace, pod, name, options) {
      return connectStreams(kernel, running(namespace, pod, name).attach(), options, false);
    },

    *portForward(namespace, pod, port) {
      const network: NetworkNamespace | undefined = find(namespace, pod)?.place?.sandbox.options.network;
      if (!network) throw failure(404, 'NotFound', `pod not found ("${pod}_${namespace}")`);
      try {
        return yield* network.connect({ address: '127.0.0.1', port });
      } catch (error) {
        if (!(error instanceof NetworkError)) throw error;
        throw failure(500, 'InternalError', `failed to connect to localhost:${port} inside namespace "${kernel.random.hex(64)}", IPv4: dial tcp4 127.0.0.1:${port}: connect: connection refused IPv6 dial tcp6 [::1]:${port}: connect: connection refused `);
      }
    },

    stats: () => [...workers()].flatMap((worker) => worker.records.flatMap(({ spec, current }) =>
      current?.state.status === 'running'
        ? [{ namespace: worker.object.metadata?.namespace ?? '', pod: worker.object.metadata?.name ?? '', container: spec.name, ...current.usage }]
        : [])),
  };
}
