import type { Probe } from '../../api';
import { seconds, sleep, type Task } from '../../kernel';
import { attempt, type ProbeTarget } from './attempt';

export { get, portOf, type ProbeTarget } from './attempt';

export type ProbeKind = 'startup' | 'liveness' | 'readiness';

/** Who wants to know what a probe finds. */
export interface ProbeListener {
  /** The result changed, after the probe's thresholds. */
  changed(kind: ProbeKind, healthy: boolean): void;
  /** One attempt failed, or could not be made. */
  unhealthy(kind: ProbeKind, text: string): void;
}

const titles: Record<ProbeKind, string> = { startup: 'Startup', liveness: 'Liveness', readiness: 'Readiness' };

/** Probes one container again and again until it is cancelled; ends by itself once a startup probe has succeeded or a container is to be killed. */
export function* probeLoop(kind: ProbeKind, probe: Probe, target: ProbeTarget, listener: ProbeListener): Task {
  const period = seconds(probe.periodSeconds ?? 10);
  const needed = { success: probe.successThreshold ?? 1, failure: probe.failureThreshold ?? 3 };
  let healthy: boolean | undefined = kind === 'liveness';
  let streak = { result: 'unknown', length: 0 };
  yield* sleep(seconds(probe.initialDelaySeconds ?? 0));
  for (;;) {
    const outcome = yield* attempt(target, probe);
    if (outcome.result === 'unknown') {
      listener.unhealthy(kind, `${titles[kind]} probe errored and resulted in unknown state: ${outcome.message}`);
    } else {
      if (outcome.result === 'failure') listener.unhealthy(kind, `${titles[kind]} probe failed: ${outcome.message}`);
      streak = streak.result === outcome.result ? { ...streak, length: streak.length + 1 } : { result: outcome.result, length: 1 };
      const verdict = outcome.result === 'success';
      if (streak.length >= (verdict ? needed.success : needed.failure) && verdict !== healthy) {
        healthy = verdict;
        listener.changed(kind, verdict);
        if (kind === 'startup' || (kind === 'liveness' && !verdict)) return;
      }
    }
    yield* sleep(period);
  }
}
