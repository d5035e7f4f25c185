import type { Task } from '../../../kernel';
import { resourcePath, type Mapping } from '../../api/mapper';
import { queryText, tableAccept } from '../../api/rest';
import type { Context } from '../../command';
import { CommandError } from '../../errors';
import { listAt, textAt, type Fields } from '../../fields';
import { listed, named } from '../../resources/builder';

/** One thing that get asks for: a named object, or all of a resource. */
export interface Request {
  readonly mapping: Mapping;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
}

/** Fetches every request; failures are collected, in order. */
export function* fetchAll(context: Context, requests: readonly Request[], asTable: boolean): Task<{ fetched: { request: Request; object: Fields }[]; errors: unknown[] }> {
  const fetched: { request: Request; object: Fields }[] = [];
  const errors: unknown[] = [];
  for (const request of requests) {
    try {
      fetched.push({ request, object: yield* fetchOne(context, request, asTable) });
    } catch (error) {
      errors.push(error);
    }
  }
  return { fetched, errors };
}

/** One answer, all pages of it. */
export function* fetchOne({ flags, session }: Context, { mapping, namespace, name }: Request, asTable: boolean): Task<Fields> {
  const accept = asTable ? tableAccept : 'application/json';
  const full = asTable && flags.string('sort-by') !== '' ? { includeObject: 'Object' } : {};
  const subresource = flags.string('subresource');
  if (name !== undefined) {
    if (name === '') throw new CommandError('resource name may not be empty');
    return yield* named({ session }, namespace, () => session.rest.get(`${resourcePath(mapping, namespace, name, subresource)}${queryText(full)}`, accept));
  }
  if (subresource !== '') throw new CommandError(`the server doesn't allow a subresource for a list`);
  const query = { ...full, labelSelector: flags.string('selector'), fieldSelector: flags.string('field-selector') };
  const chunk = flags.number('chunk-size');
  let first: Fields | undefined;
  const parts: Fields[] = [];
  let token = '';
  const key = asTable ? 'rows' : 'items';
  do {
    const page: Fields = yield* listed(mapping, query, () => session.rest.get(`${resourcePath(mapping, namespace)}${queryText({ ...query, limit: chunk > 0 ? chunk : undefined, continue: token })}`, accept));
    first ??= page;
    parts.push(...listAt(page, key));
    token = textAt(page, 'metadata', 'continue');
  } while (token !== '');
  return { ...first, [key]: parts };
}
