import { seconds, sleep, type Task } from '../../../kernel';
import { resourcePath } from '../../api/mapper';
import type { Command, Context } from '../../command';
import { CommandError, throwAll } from '../../errors';
import { at, fieldsAt, listAt, nameOf, numberAt, textAt, type Fields } from '../../fields';
import { fileFlags, flag, selectorFlag } from '../../flags';
import { gatherInfos, hasFiles, type Info } from '../../resources/builder';

interface Progress {
  readonly text: string;
  readonly done: boolean;
}

const revisionOf = (object: Fields): number => Number(textAt(object, 'metadata', 'annotations', 'deployment.kubernetes.io/revision') || '0');

function deploymentProgress(object: Fields, wanted: number): Progress {
  const name = nameOf(object);
  const status = fieldsAt(object, 'status');
  if (wanted > 0 && revisionOf(object) !== wanted) throw new CommandError(`desired revision (${wanted}) is different from the running revision (${revisionOf(object)})`);
  if (numberAt(object, 'metadata', 'generation') > numberAt(status, 'observedGeneration')) return { text: 'Waiting for deployment spec update to be observed...\n', done: false };
  const progressing = listAt(status, 'conditions').find((one) => one['type'] === 'Progressing');
  if (textAt(progressing, 'reason') === 'ProgressDeadlineExceeded') throw new CommandError(`deployment ${JSON.stringify(name)} exceeded its progress deadline`);
  const [replicas, updated, total, available] = [numberAt(object, 'spec', 'replicas'), numberAt(status, 'updatedReplicas'), numberAt(status, 'replicas'), numberAt(status, 'availableReplicas')];
  if (updated < replicas) return { text: `Waiting for deployment ${JSON.stringify(name)} rollout to finish: ${updated} out of ${replicas} new replicas have been updated...\n`, done: false };
  if (total > updated) return { text: `Waiting for deployment ${JSON.stringify(name)} rollout to finish: ${total - updated} old replicas are pending termination...\n`, done: false };
  if (available < updated) return { text: `Waiting for deployment ${JSON.stringify(name)} rollout to finish: ${available} of ${updated} updated replicas are available...\n`, done: false };
  return { text: `deployment ${JSON.stringify(name)} successfully rolled out\n`, done: true };
}

function daemonSetProgress(object: Fields): Progress {
  const name = nameOf(object);
  const status = fieldsAt(object, 'status');
  if (textAt(object, 'spec', 'updateStrategy', 'type') !== 'RollingUpdate') throw new CommandError(`rollout status is only available for RollingUpdate strategy type`);
  if (numberAt(object, 'metadata', 'generation') > numberAt(status, 'observedGeneration')) return { text: 'Waiting for daemon set spec update to be observed...\n', done: false };
  const [desired, updated, available] = [numberAt(status, 'desiredNumberScheduled'), numberAt(status, 'updatedNumberScheduled'), numberAt(status, 'numberAvailable')];
  if (updated < desired) return { text: `Waiting for daemon set ${JSON.stringify(name)} rollout to finish: ${updated} out of ${desired} new pods have been updated...\n`, done: false };
  if (available < desired) return { text: `Waiting for daemon set ${JSON.stringify(name)} rollout to finish: ${available} of ${desired} updated pods are available...\n`, done: false };
  return { text: `daemon set ${JSON.stringify(name)} successfully rolled out\n`, done: true };
}

function statefulSetProgress(object: Fields): Progress {
  const status = fieldsAt(object, 'status');
  if (textAt(object, 'spec', 'updateStrategy', 'type') !== 'RollingUpdate') throw new CommandError(`rollout status is only available for RollingUpdate strategy type`);
  if (numberAt(status, 'observedGeneration') === 0 || numberAt(object, 'metadata', 'generation') > numberAt(status, 'observedGeneration')) return { text: 'Waiting for statefulset spec update to be observed...\n', done: false };
  const replicas = numberAt(object, 'spec', 'replicas');
  const [ready, updated] = [numberAt(status, 'readyReplicas'), numberAt(status, 'updatedReplicas')];
  if (ready < replicas) return { text: `Waiting for ${replicas - ready} pods to be ready...\n`, done: false };
  const partition = at(object, 'spec', 'updateStrategy', 'rollingUpdate', 'partition');
  if (typeof partition === 'number') {
    if (updated < replicas - partition) return { text: `Waiting for partitioned roll out to finish: ${updated} out of ${replicas - partition} new pods have been updated...\n`, done: false };
    return { text: `partitioned roll out complete: ${updated} new pods have been updated...\n`, done: true };
  }
  if (textAt(status, 'updateRevision') !== textAt(status, 'currentRevision')) return { text: `waiting for statefulset rolling update to complete ${updated} pods at revision ${textAt(status, 'updateRevision')}...\n`, done: false };
  return { text: `statefulset rolling update complete ${numberAt(status, 'currentReplicas')} pods at revision ${textAt(status, 'currentRevision')}...\n`, done: true };
}

function progressOf(info: Info, object: Fields, revision: number): Progress {
  switch (info.mapping.kind) {
    case 'Deployment':
      return deploymentProgress(object, revision);
    case 'DaemonSet':
      return daemonSetProgress(object);
    case 'StatefulSet':
      return statefulSetProgress(object);
    default:
      throw new CommandError(`no status viewer has been implemented for ${info.mapping.kind}`);
  }
}

function* follow(context: Context, info: Info): Task<void> {
  const { flags, out, session } = context;
  const revision = flags.number('revision');
  const timeout = flags.number('timeout');
  const end = timeout > 0 ? session.host.now() + seconds(timeout) : Infinity;
  let shown = '';
  let version = '';
  progressOf(info, info.object, revision);
  for (;;) {
    const object = yield* session.rest.get(resourcePath(info.mapping, info.namespace, info.name));
    const current = textAt(object, 'metadata', 'resourceVersion');
    if (current !== version) {
      version = current;
      const { done, text } = progressOf(info, object, revision);
      if (text !== shown) out(text);
      shown = text;
      if (done || !flags.bool('watch')) return;
    }
    if (session.host.now() >= end) throw new CommandError(`timed out waiting for the condition`);
    yield* sleep(seconds(0.05));
  }
}

/** kubectl rollout status */
export const status: Command = {
  name: 'status',
  short: 'Show the status of the rollout',
  use: '(TYPE NAME | TYPE/NAME) [flags]',
  flags: [...fileFlags('to look at'), flag('--revision=0', 'Only when this revision is the one being rolled out.', { bits: 64 }), selectorFlag, flag('--timeout=0s', 'How long to wait; 0 is for ever.'), flag('-w, --watch=true', 'Wait until it is done.')],
  *run(context) {
    const { args, flags } = context;
    if (args.length === 0 && !hasFiles(context)) throw new CommandError('required resource not specified');
    if (flags.number('revision') < 0) throw new CommandError(`revision must be a positive integer: ${flags.number('revision')}`);
    const { infos, errors } = yield* gatherInfos(context, { allowAll: true });
    const failures = [...errors];
    for (const info of infos) {
      try {
        yield* follow(context, info);
      } catch (error) {
        failures.push(error);
      }
    }
    throwAll(failures);
    if (infos.length === 0) context.err(`No resources found in ${context.session.namespace} namespace.\n`);
  },
};
