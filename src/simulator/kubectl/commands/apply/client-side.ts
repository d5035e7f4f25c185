import { isStatus, StatusError } from '../../../api';
import type { Task } from '../../../kernel';
import type { Context } from '../../command';
import { CommandError, doing, isNotFound } from '../../errors';
import { at, fieldsAt, isFields, textAt, type Fields } from '../../fields';
import { patched, threeWayPatch } from '../../patching';
import { compactJson } from '../../print/json';
import { dryRunOf } from '../../print/printer';
import { fetchObject, withType, type Info } from '../../resources/builder';
import { createObject, lastAppliedAnnotation, patchObject, withLastApplied } from '../../resources/write';
import { deleteObject, propagationOf, waitGone } from '../delete';

/** What became of an applied object. */
export interface Applied {
  readonly object: Fields;
  readonly operation: string;
}

/** Resource, kind, name and namespace, as long errors name them. */
export function whatText({ mapping, name, namespace }: Info): string {
  const { group, kind, resource, version } = mapping;
  return `Resource: "${group}/${version}, Resource=${resource}", GroupVersionKind: "${group}/${version}, Kind=${kind}"\nName: ${JSON.stringify(name)}, Namespace: ${JSON.stringify(namespace ?? '')}`;
}

/** The object as it is on the server; undefined when it is not there. */
export function* currentOf(context: Context, info: Info): Task<Fields | undefined> {
  try {
    return withType(yield* fetchObject(context, info.mapping, info.namespace, info.name), info.mapping);
  } catch (error) {
    if (isNotFound(error) && !(error instanceof StatusError && /could not find the requested resource/.test(error.message))) return undefined;
    throw doing(`error when retrieving current configuration of:\n${whatText(info)}\nfrom server for: ${JSON.stringify(info.source)}`, error);
  }
}

/** What an object says was applied last; undefined when it says nothing. */
export function lastApplied(object: Fields): Fields | undefined {
  const text = textAt(object, 'metadata', 'annotations', lastAppliedAnnotation);
  if (text === '') return undefined;
  const value: unknown = JSON.parse(text);
  return isFields(value) ? value : undefined;
}

function* create(context: Context, info: Info): Task<Applied> {
  const object = withLastApplied(info.object);
  if (dryRunOf(context.flags) === 'client') return { object, operation: 'created' };
  try {
    return { object: yield* createObject(context, info.mapping, info.namespace, object), operation: 'created' };
  } catch (error) {
    throw doing(`error when creating ${JSON.stringify(info.source)}`, error);
  }
}

const isEmpty = (patch: Fields): boolean => Object.keys(patch).length === 0;

/** Computes the three-way patch and sends it, again when somebody else was faster. */
function* patch(context: Context, info: Info, found: Fields): Task<Applied> {
  const { flags } = context;
  const modified = withLastApplied(info.object);
  let current = found;
  for (let attempt = 0; ; attempt++) {
    const { kind, patch: change } = threeWayPatch(info.mapping, lastApplied(current) ?? {}, modified, current);
    if (isEmpty(change)) return { object: current, operation: 'unchanged' };
    if (dryRunOf(flags) === 'client') return { object: patched(info.mapping, current, kind, change), operation: 'configured' };
    try {
      const result = yield* patchObject(context, info.mapping, info.namespace, info.name, kind, change, flags.string('subresource'));
      return { object: result, operation: 'configured' };
    } catch (error) {
      if (isStatus(error, 'Conflict') && attempt < 5) current = (yield* currentOf(context, info)) ?? current;
      else if (flags.bool('force') && (isStatus(error, 'Conflict') || isStatus(error, 'Invalid'))) return yield* recreate(context, info, modified);
      else throw doing(`error when applying patch:\n${compactJson(change)}\nto:\n${whatText(info)}\nfor: ${JSON.stringify(info.source)}: error when patching ${JSON.stringify(info.source)}`, error);
    }
  }
}

function* recreate(context: Context, info: Info, modified: Fields): Task<Applied> {
  const answer = yield* deleteObject(context, info, { gracePeriod: context.flags.number('grace-period'), propagation: propagationOf(context) });
  yield* waitGone(context, info, textAt(answer, 'details', 'uid') || textAt(answer, 'metadata', 'uid'), context.flags.number('timeout'));
  return { object: yield* createObject(context, info.mapping, info.namespace, modified), operation: 'configured' };
}

/** kubectl apply of one object without --server-side. */
export function* applyClientSide(context: Context, info: Info): Task<Applied> {
  const generated = textAt(info.object, 'metadata', 'generateName');
  if (info.name === '' && generated !== '') throw new CommandError(`from ${generated}: cannot use generate name with apply`);
  if (info.name === '') throw doing(`error when retrieving current configuration of:\n${whatText(info)}\nfrom server for: ${JSON.stringify(info.source)}`, new CommandError('resource name may not be empty'));
  const current = yield* currentOf(context, info);
  if (!current) return yield* create(context, info);
  if (at(fieldsAt(current, 'metadata', 'annotations'), lastAppliedAnnotation) === undefined) {
    context.session.warn(`resource ${info.mapping.resource}/${info.name} is missing the ${lastAppliedAnnotation} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.`);
  }
  return yield* patch(context, info, current);
}
