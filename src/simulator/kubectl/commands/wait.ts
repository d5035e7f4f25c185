import { compileJsonPath } from '../../api';
import { seconds, sleep, type Task } from '../../kernel';
import { resourcePath } from '../api/mapper';
import type { Command, Context } from '../command';
import { CommandError, isNotFound } from '../errors';
import { listAt, numberAt, textAt, type Fields } from '../fields';
import { allFlag, allNamespacesFlag, fieldSelectorFlag, fileFlags, flag, localFlag, printFlags, selectorFlag } from '../flags';
import { relaxedPath } from '../print/jsonpath';
import { resultPrinter } from '../print/printer';
import { gatherInfos, noResources, parseTargets, type Info } from '../resources/builder';

/** What is waited for: whether an object (undefined: gone) is as it shall be. */
type Condition = (object: Fields | undefined) => boolean;

function conditionOf(text: string): Condition | 'create' | 'delete' {
  const lower = text.toLowerCase();
  if (lower === 'delete' || lower === 'create') return lower;
  if (text.startsWith('condition=')) {
    const [name = '', value = 'true'] = text.slice('condition='.length).split(/=(.*)/s);
    return (object) => {
      const found = listAt(object, 'status', 'conditions').find((one) => textAt(one, 'type').toLowerCase() === name.toLowerCase());
      if (!found) return false;
      const observed = found['observedGeneration'];
      const generation = numberAt(object, 'metadata', 'generation');
      if (typeof observed === 'number' && observed < generation) return false;
      return textAt(found, 'status').toLowerCase() === value.toLowerCase();
    };
  }
  if (text.startsWith('jsonpath=')) return jsonPathCondition(text.slice('jsonpath='.length));
  throw new CommandError(`unrecognized condition: ${JSON.stringify(text)}`);
}

function jsonPathCondition(text: string): Condition {
  const match = /^(\{.*\}|[^={}]*|'[^']*'|[^=]*?)(?:=(.*))?$/s.exec(text.replace(/^'(.*)'$/s, '$1'));
  const [, path = '', wanted] = match ?? [];
  if (path === '') throw new CommandError('jsonpath wait format must be --for=jsonpath=\'{.status.readyReplicas}\'=3 or --for=jsonpath=\'{.status.readyReplicas}\'');
  if (text.includes('=') && wanted === '') throw new CommandError("jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3");
  const template = compileJsonPath(relaxedOrFilter(path), { allowMissingKeys: true });
  const value = wanted?.replace(/^(['"])(.*)\1$/s, '$2');
  return (object) => {
    if (!object) return false;
    const found = template.find(object).flat();
    if (found.length === 0) return false;
    if (value === undefined) return true;
    if (found.length > 1) throw new CommandError('given jsonpath expression matches more than one value');
    const [only] = found;
    if (typeof only === 'object' && only !== null) throw new CommandError("jsonpath leads to a nested object or list which is not supported");
    return String(only).trim() === value.trim();
  };
}

const relaxedOrFilter = (path: string): string => (/^\{[^{}]*\}$/.test(path) ? `{${path.slice(1, -1).startsWith('.') ? '' : '.'}${path.slice(1, -1)}}` : relaxedPath(path));

const timedOut = (info: Pick<Info, 'mapping' | 'name'>): CommandError => new CommandError(`timed out waiting for the condition on ${info.mapping.resource}/${info.name}`);

function* fetched({ session }: Context, { mapping, name, namespace }: Info): Task<Fields | undefined> {
  try {
    return yield* session.rest.get(resourcePath(mapping, namespace, name));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function* waitFor(context: Context, info: Info, condition: Condition, end: number): Task<Fields> {
  const { session } = context;
  for (;;) {
    const object = yield* fetched(context, info);
    if (object && condition(object)) return object;
    if (session.host.now() >= end) throw timedOut(info);
    yield* sleep(Math.max(1, Math.min(seconds(0.1), end - session.host.now())));
  }
}

function* waitDeleted(context: Context, info: Info, end: number): Task<void> {
  const { session } = context;
  const uid = textAt(info.object, 'metadata', 'uid');
  for (;;) {
    const object = yield* fetched(context, info);
    if (!object || (uid !== '' && textAt(object, 'metadata', 'uid') !== uid)) return;
    if (session.host.now() >= end) throw timedOut(info);
    yield* sleep(Math.max(1, Math.min(seconds(0.1), end - session.host.now())));
  }
}

function* waitCreated(context: Context, end: number): Task<void> {
  const { args, flags, session } = context;
  const targets = args.length > 0 ? parseTargets(yield* session.mapper(), args) : [];
  for (;;) {
    const found: Info[] = [];
    try {
      const { infos, errors } = yield* gatherInfos(context, { allowAll: true });
      const other = errors.find((error) => !isNotFound(error));
      if (other !== undefined) throw other;
      if (errors.length === 0) found.push(...infos);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    if (found.length > 0 || (targets.length === 0 && !flags.has('filename'))) {
      const print = resultPrinter(context, 'condition met');
      for (const info of found) print(info.object);
      return;
    }
    if (session.host.now() >= end) throw new CommandError('timed out waiting for the condition');
    yield* sleep(Math.max(1, Math.min(seconds(0.5), end - session.host.now())));
  }
}

function* run(context: Context): Task<void> {
  const { args, flags, session } = context;
  const wanted = flags.list('for');
  if (wanted.length === 0) throw new CommandError('unrecognized condition: []');
  if (args.length === 0 && flags.list('filename').length === 0) throw noResources();
  const conditions = wanted.map(conditionOf);
  const timeout = flags.number('timeout');
  const end = session.host.now() + seconds(timeout < 0 ? 7 * 24 * 3600 : timeout);
  if (conditions.includes('create')) {
    if (conditions.length === 1) return yield* waitCreated(context, end);
    yield* waitCreated(context, end);
  }
  const deletes = conditions.includes('delete');
  const { infos, errors } = yield* gatherInfos(context);
  const first = errors.find((error) => !(deletes && isNotFound(error)));
  if (first !== undefined && infos.length === 0) throw first;
  if (infos.length === 0) {
    if (deletes) return;
    throw new CommandError('no matching resources found');
  }
  for (const info of infos) {
    let object = info.object;
    for (const condition of conditions) {
      if (condition === 'create') continue;
      if (condition === 'delete') yield* waitDeleted(context, info, end);
      else object = yield* waitFor(context, info, condition, end);
    }
    resultPrinter(context, 'condition met')({ ...info.object, ...object });
  }
  if (first !== undefined) throw first;
}

/** kubectl wait */
export const wait: Command = {
  name: 'wait',
  short: 'Wait for a specific condition on one or many resources',
  use: "([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=create|--for=delete|--for condition=available|--for=jsonpath='{}'[=value]]",
  examples: ['kubectl wait --for=condition=Ready pod/web --timeout=60s', "kubectl wait --for=jsonpath='{.status.phase}'=Running pod/web"],
  flags: [
    allFlag,
    allNamespacesFlag,
    fieldSelectorFlag,
    ...fileFlags('to wait for', { recursive: 'true', kustomize: false }),
    flag('--for=[]', "create, delete, condition=NAME[=VALUE] or jsonpath='{…}'[=VALUE]; may be repeated.", { kind: 'list' }),
    localFlag,
    ...printFlags(),
    selectorFlag,
    flag('--timeout=30s', 'How long to wait; 0 looks once, negative waits a week.'),
  ],
  run,
};
