import type { Container as ContainerSpec, LifecycleHandler } from '../api';
import { type Duration, seconds, sleep, type Task, within } from '../kernel';
import { NetworkError } from '../network';
import { StartError } from '../runtime';
import { portOf, type ProbeTarget } from './probes';

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
    const connection = yield* target.network.connect({ address: hook.httpGet.host ?? target.podIP, port });
    connection.close();
    return true;
  };
  try {
    return limit === undefined ? yield* run() : ((yield* within(limit, run)) ?? false);
  } catch (error) {
    if (error instanceof StartError || error instanceof NetworkError) return false;
    throw error;
  }
}
