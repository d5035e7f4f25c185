import { isStatus } from '../../api';
import { seconds, sleep, type Task } from '../../kernel';
import { resourcePath } from '../api/mapper';
import { queryText } from '../api/rest';
import type { Command, Context } from '../command';
import { CommandError, isNotFound, throwAll, UsageError } from '../errors';
import { at, listAt, nameOf, namespaceOf, textAt, withAt, type Fields } from '../fields';
import { allFlag, chunkSizeFlag, dryRunFlag, fieldManagerFlag, flag, gracePeriodFlag, printFlags, selectorFlag, validateFlag } from '../flags';
import { podMapping } from '../pods/of-target';
import { twoWayPatch } from '../patching';
import { dryRunOf, dryRunSuffix, namePrinter, outputFormat, resultPrinter } from '../print/printer';
import { gatherInfos, type Info } from '../resources/builder';
import { patchObject } from '../resources/write';
import { planEvictions } from './nodes/plan';
import { parseTaints, taintNode } from './nodes/taints';

function* nodesOf(context: Context, usage: string): Task<Info[]> {
  const { args, flags } = context;
  const selector = flags.string('selector');
  if (args.length === 0 && selector === '') throw new UsageError(`USAGE: ${usage} NODE [flags]`);
  if (args.length > 0 && selector !== '') throw new UsageError('cannot specify both a node name and a --selector option');
  const { errors, infos } = yield* gatherInfos(context, { args: ['nodes', ...args.map((name) => name.replace(/^nodes?\//, ''))] });
  throwAll(errors);
  return infos;
}

function* setUnschedulable(context: Context, info: Info, wanted: boolean): Task<void> {
  const { flags, out } = context;
  const word = wanted ? 'cordoned' : 'uncordoned';
  if ((at(info.object, 'spec', 'unschedulable') === true) === wanted) return out(`node/${info.name} already ${word}${dryRunSuffix(flags)}\n`);
  if (dryRunOf(flags) !== 'client') {
    const { kind, patch } = twoWayPatch(info.mapping, info.object, withAt(info.object, ['spec', 'unschedulable'], wanted ? true : undefined));
    yield* patchObject(context, info.mapping, undefined, info.name, kind, patch);
  }
  out(`node/${info.name} ${word}${dryRunSuffix(flags)}\n`);
}

const cordonCommand = (name: 'cordon' | 'uncordon', short: string): Command => ({
  name,
  short,
  use: 'NODE',
  flags: [dryRunFlag, selectorFlag],
  *run(context) {
    for (const info of yield* nodesOf(context, name)) yield* setUnschedulable(context, info, name === 'cordon');
  },
});

/** kubectl cordon */
export const cordon = cordonCommand('cordon', 'Mark node as unschedulable');
/** kubectl uncordon */
export const uncordon = cordonCommand('uncordon', 'Mark node as schedulable');

function* evict(context: Context, pod: Fields, end: number): Task<void> {
  const { err, flags, session } = context;
  const [namespace, name] = [namespaceOf(pod), nameOf(pod)];
  const grace = flags.number('grace-period');
  const deleteOptions = grace >= 0 ? { deleteOptions: { gracePeriodSeconds: grace } } : { deleteOptions: {} };
  for (;;) {
    try {
      if (flags.bool('disable-eviction')) yield* session.rest.object('DELETE', resourcePath(podMapping, namespace, name), { body: { kind: 'DeleteOptions', apiVersion: 'v1', ...(grace >= 0 && { gracePeriodSeconds: grace }) } });
      else yield* session.rest.object('POST', resourcePath(podMapping, namespace, name, 'eviction'), { body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace }, ...deleteOptions } });
      break;
    } catch (error) {
      if (isNotFound(error)) return;
      if (!isStatus(error, 'TooManyRequests')) throw new CommandError(`error when evicting pods/${JSON.stringify(name)} -n ${JSON.stringify(namespace)}: ${(error as Error).message}`);
      err(`error when evicting pods/${JSON.stringify(name)} -n ${JSON.stringify(namespace)} (will retry after 5s): ${error.message}\n`);
      if (session.host.now() + seconds(5) > end) throw new CommandError(`error when evicting pods/${JSON.stringify(name)} -n ${JSON.stringify(namespace)}: global timeout reached: ${flags.string('timeout')}`);
      yield* sleep(seconds(5));
      context.out(`evicting pod ${namespace}/${name}\n`);
    }
  }
  const uid = textAt(pod, 'metadata', 'uid');
  for (;;) {
    try {
      const found = yield* session.rest.get(resourcePath(podMapping, namespace, name));
      if (textAt(found, 'metadata', 'uid') !== uid) break;
    } catch (error) {
      if (isNotFound(error)) break;
      throw error;
    }
    if (session.host.now() >= end) throw new CommandError(`error when waiting for pod ${JSON.stringify(name)} in namespace ${JSON.stringify(namespace)} to terminate: global timeout reached: ${flags.string('timeout')}`);
    yield* sleep(seconds(0.2));
  }
  context.out(`pod/${name} ${flags.bool('disable-eviction') ? 'deleted' : 'evicted'}\n`);
}

function* drainNode(context: Context, info: Info): Task<void> {
  const { err, flags, out, session } = context;
  const dryRun = dryRunOf(flags);
  const query = queryText({ labelSelector: flags.string('pod-selector'), fieldSelector: `spec.nodeName=${info.name}`, limit: flags.number('chunk-size') });
  const pods = listAt(yield* session.rest.get(`${resourcePath(podMapping, undefined)}${query}`), 'items');
  const plan = yield* planEvictions(context, pods);
  if (plan.errors.length > 0) {
    throw new CommandError(`unable to drain node ${JSON.stringify(info.name)} due to error: ${plan.errors.length === 1 ? plan.errors[0] : `[${plan.errors.join(', ')}]`}, continuing command...\nThere are pending nodes to be drained:\n ${info.name}\n${plan.errors.join('\n')}`);
  }
  if (plan.warnings !== '') err(`Warning: ${plan.warnings}\n`);
  for (const pod of plan.pods) out(`evicting pod ${namespaceOf(pod)}/${nameOf(pod)}${dryRunSuffix(flags)}\n`);
  if (dryRun === 'none') {
    const timeout = flags.number('timeout');
    const end = timeout > 0 ? session.host.now() + seconds(timeout) : Infinity;
    const running = plan.pods.map((pod) => session.host.spawn(`evict ${nameOf(pod)}`, collect(evict(context, pod, end))));
    const failures: unknown[] = [];
    for (const process of running) {
      while (process.state === 'running') yield* sleep(seconds(0.05));
      if (process.value !== undefined) failures.push(process.value);
    }
    throwAll(failures);
  }
  out(`node/${info.name} drained${dryRunSuffix(flags)}\n`);
}

/** The task's failure, or nothing. */
function* collect(task: Task<void>): Task<unknown> {
  try {
    yield* task;
    return undefined;
  } catch (error) {
    return error;
  }
}

/** kubectl drain */
export const drain: Command = {
  name: 'drain',
  short: 'Drain node in preparation for maintenance',
  use: 'NODE',
  flags: [
    chunkSizeFlag,
    flag('--delete-emptydir-data=false', 'Go on with pods that lose their emptyDir data.'),
    flag('--disable-eviction=false', 'Delete instead of evicting: budgets are passed over.'),
    dryRunFlag,
    flag('--force=false', 'Go on with pods that nothing will start again.'),
    gracePeriodFlag,
    flag('--ignore-daemonsets=false', 'Leave pods of daemon sets.'),
    flag("--pod-selector=''", 'Only pods with these labels.'),
    selectorFlag,
    flag('--skip-wait-for-delete-timeout=0', 'Do not wait for pods that have been going for longer than this many seconds.'),
    flag('--timeout=0s', 'How long to wait; 0 is for ever.'),
  ],
  *run(context) {
    const infos = yield* nodesOf(context, 'drain');
    for (const info of infos) yield* setUnschedulable(context, info, true);
    for (const info of infos) yield* drainNode(context, info);
  },
};

/** kubectl taint */
export const taint: Command = {
  name: 'taint',
  short: 'Update the taints on one or more nodes',
  use: 'NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N',
  flags: [allFlag, dryRunFlag, fieldManagerFlag('kubectl-taint'), flag('--overwrite=false', 'Replace taints that are there.'), ...printFlags(), selectorFlag, validateFlag],
  *run(context) {
    const { args, flags } = context;
    const isTaint = (word: string) => word.includes('=') || word.endsWith('-') || /:./.test(word);
    const first = args.findIndex(isTaint);
    const resources = first < 0 ? args : args.slice(0, first);
    const specs = first < 0 ? [] : args.slice(first);
    if (resources.length === 0) throw new CommandError('one or more resources must be specified as <resource> <name>');
    if (!/^(nodes?|no)$/.test(resources[0] as string)) throw new CommandError(`invalid resource type ${resources[0]}, only node types are supported`);
    if (specs.length === 0) throw new CommandError('at least one taint update is required');
    if (resources.length < 2 && flags.string('selector') === '' && !flags.bool('all')) throw new CommandError('at least one resource name must be specified since \'all\' parameter is not set');
    const change = parseTaints(specs);
    const { errors, infos } = yield* gatherInfos(context, { args: resources });
    throwAll(errors);
    for (const info of infos) {
      const { object, operation } = taintNode(info, change, flags.bool('overwrite'));
      const print = outputFormat(flags) === '' ? namePrinter(context.out, operation, false) : resultPrinter(context, operation);
      if (dryRunOf(flags) === 'client') print(object);
      else {
        const { kind, patch } = twoWayPatch(info.mapping, info.object, object);
        print(yield* patchObject(context, info.mapping, undefined, info.name, kind, patch));
      }
    }
  },
};
