import type { Pod, StreamFrame } from '../simulator/api';
import { type Client, resources } from '../simulator/client';
import { type Channel, type Duration, type Kernel, milliseconds, sleep, type Task, utf8Decode, within } from '../simulator/kernel';

/** What a command in a container printed, and how it ended. */
export interface ExecResult {
  readonly stdout: string;
  readonly stderr: string;
  /** -1 when it could not be run or took too long. */
  readonly code: number;
}

/** All that a check can do to a cluster. Nothing of it exists on a simulated cluster alone. */
export interface GradingWorld {
  readonly client: Client;
  /** Where the learner works. */
  readonly namespace: string;
  pod(name: string): Task<Pod | undefined>;
  /** The Pods that match; without those that are being deleted. */
  pods(labelSelector?: string): Task<readonly Pod[]>;
  exec(pod: string, container: string, command: readonly string[], limit?: Duration): Task<ExecResult>;
  logs(pod: string, container: string, options?: { readonly previous?: boolean }): Task<string>;
  sleep(duration: Duration): Task;
  /** What `probe` gives as soon as it gives something, looked at twice a second; undefined after `limit`. */
  eventually<T>(limit: Duration, probe: () => Task<T | undefined>): Task<T | undefined>;
  /** A word that nobody has used before: for requests that must be found again. */
  token(): string;
}

interface Collected {
  readonly output: string[];
  readonly errors: string[];
  code: number;
}

interface ExitStatus {
  readonly status?: string;
  readonly message?: string;
  readonly details?: { readonly causes?: readonly { readonly reason?: string; readonly message?: string }[] };
}

function* collect(frames: Channel<StreamFrame>, into: Collected): Task {
  for (let frame = yield* frames.receive(); frame; frame = yield* frames.receive()) {
    const data = utf8Decode(frame.data);
    if (frame.channel === 1) into.output.push(data);
    else if (frame.channel === 2) into.errors.push(data);
    else if (frame.channel === 3 && data !== '') {
      const status = JSON.parse(data) as ExitStatus;
      const code = status.details?.causes?.find((cause) => cause.reason === 'ExitCode')?.message;
      into.code = status.status === 'Success' ? 0 : Number(code ?? -1);
      if (status.status !== 'Success' && code === undefined) into.errors.push(status.message ?? '');
    }
  }
}

function* read(stream: Channel<Uint8Array> | undefined): Task<string> {
  const parts: string[] = [];
  for (let data = stream && (yield* stream.receive()); data; data = stream && (yield* stream.receive())) parts.push(utf8Decode(data));
  return parts.join('');
}

/** A world over a client of any cluster; `kernel` lends its clock. */
export function createWorld(kernel: Kernel, client: Client, namespace = 'default'): GradingWorld {
  const random = kernel.random.fork(`grading ${kernel.happened}`);
  const path = (pod: string): string => `/api/v1/namespaces/${namespace}/pods/${pod}`;
  const world: GradingWorld = {
    client,
    namespace,
    *pod(name) {
      return (yield* world.pods()).find((pod) => pod.metadata?.name === name);
    },
    *pods(labelSelector) {
      const list = yield* client.list<Pod>(resources.pods, namespace, labelSelector === undefined ? {} : { labelSelector });
      return list.items.filter((pod) => pod.metadata?.deletionTimestamp === undefined);
    },
    *exec(pod, container, command, limit = 10_000_000) {
      const query = [`container=${encodeURIComponent(container)}`, 'stdout=true', 'stderr=true', ...command.map((part) => `command=${encodeURIComponent(part)}`)].join('&');
      const collected: Collected = { output: [], errors: [], code: -1 };
      try {
        const response = yield* client.request({ method: 'GET', url: `${path(pod)}/exec?${query}`, upgrade: 'websocket' });
        const connection = response.connection;
        if (connection) {
          yield* within(limit, () => collect(connection.output, collected));
          connection.input.close();
        }
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'StatusError') throw error;
        collected.errors.push(error.message);
      }
      return { stdout: collected.output.join(''), stderr: collected.errors.join(''), code: collected.code };
    },
    *logs(pod, container, options = {}) {
      try {
        const response = yield* client.request({ method: 'GET', url: `${path(pod)}/log?container=${encodeURIComponent(container)}${options.previous ? '&previous=true' : ''}` });
        return response.text ?? (yield* read(response.stream));
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'StatusError') throw error;
        return '';
      }
    },
    sleep,
    *eventually(limit, probe) {
      const end = kernel.now + limit;
      for (;;) {
        const found = yield* probe();
        if (found !== undefined || kernel.now >= end) return found;
        yield* sleep(milliseconds(500));
      }
    },
    token: () => random.suffix(12),
  };
  return world;
}
