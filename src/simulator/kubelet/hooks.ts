import type { Container as ContainerSpec, HTTPGetAction, LifecycleHandler } from '../api';
import { type Duration, seconds, sleep, type Task, within } from '../kernel';
import { endsConnection, TlsError } from '../network';
import { StartError } from '../runtime';
import { get, portOf, type ProbeTarget } from './probes';

/** Sends a hook's request: whatever the answer says, it is one. A server without TLS is asked again without (the metric kubelet_lifecycle_handler_http_fallbacks_total counts it). */
function* request(target: ProbeTarget, action: HTTPGetAction, port: number): Task<boolean> {
  const ask = function* (how: HTTPGetAction): Task<boolean> {
    return !Number.isNaN(yield* get(target, how, { address: action.host ?? target.podIP, port }, 'kube-lifecycle/1.36'));
  };
  try {
    return yield* ask(action);
  } catch (error) {
    if (error instanceof TlsError && error.message.startsWith('http:')) return yield* ask({ ...action, scheme: 'HTTP' });
    throw error;
  }
}

/** Runs a lifecycle hook; false when it failed or could not be run. (kubernetes.io: Container Lifecycle Hooks) */
export function* runHook(target: ProbeTarget, spec: ContainerSpec, hook: LifecycleHandler, limit?: Duration): Task<boolean> {
  const run = function* (): Task<boolean> {
    if (hook.sleep) {
      yield* sleep(seconds(hook.sleep.seconds));
      return true;
    }
    if (hook.exec) {
      const streams = yield* target.container.exec(hook.exec.command ?? [], { stdin: false, tty: false });
      const code = yield* streams.exit();
      streams.close();
      return code === 0;
    }
    if (!hook.httpGet) return true;
    const port = portOf(spec, hook.httpGet.port);
    if (port === undefined) return false;
    return yield* request(target, hook.httpGet, port);
  };
  try {
    return limit === undefined ? yield* run() : ((yield* within(limit, run)) ?? false);
  } catch (error) {
    if (error instanceof StartError || endsConnection(error)) return false;
    throw error;
  }
}
