import type { Client } from '../simulator/client';
import { type Duration, type Kernel, seconds, sleep, type Task } from '../simulator/kernel';
import type { Check } from './check';
import { grade, type Report, runCheck } from './grade';
import type { Files, Lab } from './lab';
import { createWorld } from './world';

/** What grading needs of a cluster; the simulated one offers more. */
export interface GradableCluster {
  readonly kernel: Kernel;
  /** A client with all rights, and no delay of its own. */
  adminClient(): Client;
  /** The same cluster as of now, on its own: what happens to it does not happen to this one. */
  fork(): GradableCluster;
  /** Carries a task out, moving the clock as far as it needs, at most `limit`. */
  perform<T>(name: string, task: () => Task<T>, limit: Duration): T;
}

/** The longest that one check may take, in the cluster's time. */
const checkLimit = seconds(180);

/**
 * Grades what the cluster does now, without disturbing it: the checks that only look share one fork of it, each
 * destructive one has its own, or at the very end the shared one, since nobody comes after it.
 */
export function gradeCluster(cluster: GradableCluster, checks: readonly Check[], files: Files): Report {
  let shared: GradableCluster | undefined;
  const last = checks.at(-1);
  return grade(checks, files, (check) => {
    const ownStage = check.destructive && check !== last;
    const stage = ownStage ? cluster.fork() : (shared ??= cluster.fork());
    if (ownStage && shared) catchUp(stage, shared);
    return stage.perform(`check ${check.id}`, () => runCheck(check, createWorld(stage.kernel, stage.adminClient())), checkLimit);
  });
}

/** A check that comes after others sees the cluster as late as they did: what was just applied has had the same time to start. */
function catchUp(stage: GradableCluster, ahead: GradableCluster): void {
  const behind = ahead.kernel.now - stage.kernel.now;
  if (behind > 0) stage.perform('catch up', () => sleep(behind), behind + seconds(1));
}

/** The learner's files as one stream of manifests, in the order of the tabs. */
export function manifestsOf(lab: Lab, files: Files): string {
  const names = [...lab.definition.files, ...Object.keys(files).filter((name) => !lab.definition.files.includes(name))];
  return names.filter((name) => /\.ya?ml$/.test(name) && files[name] !== undefined).map((name) => files[name]).join('\n---\n');
}
