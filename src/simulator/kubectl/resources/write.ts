import type { Task } from '../../kernel';
import { resourcePath, type Mapping } from '../api/mapper';
import { queryText } from '../api/rest';
import type { Context } from '../command';
import { CommandError } from '../errors';
import { nameOf, withAt, type Fields } from '../fields';
import { compactJson } from '../print/json';
import { dryRunOf } from '../print/printer';
import { isTyped } from '../print/typed';
import { withType } from './builder';

/** The annotation in which kubectl apply keeps what it was given. */
export const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';

/** What --validate says, as the server's fieldValidation. Throws for words it does not know. */
export function fieldValidation({ flags }: Pick<Context, 'flags'>): 'Strict' | 'Warn' | 'Ignore' {
  const value = flags.has('validate') ? flags.string('validate') : 'strict';
  if (value === 'strict' || value === 'true') return 'Strict';
  if (value === 'warn') return 'Warn';
  if (value === 'ignore' || value === 'false') return 'Ignore';
  throw new CommandError(`invalid - validate option ${JSON.stringify(value)}; must be one of: strict (or true), warn, ignore (or false)`);
}

/** The query of a write: dry run, field manager, field validation. */
export function writeQuery(context: Context, more: Readonly<Record<string, string | boolean | undefined>> = {}): string {
  const { flags } = context;
  return queryText({
    dryRun: dryRunOf(flags) === 'server' ? 'All' : undefined,
    fieldManager: flags.has('field-manager') ? flags.string('field-manager') : undefined,
    fieldValidation: flags.has('validate') ? fieldValidation(context) : undefined,
    ...more,
  });
}

/** The object with itself, as it is, in the last-applied annotation. */
export function withLastApplied(object: Fields): Fields {
  const metadata = (object['metadata'] ?? {}) as Fields;
  const annotations = (metadata['annotations'] ?? {}) as Fields;
  const { [lastAppliedAnnotation]: old, ...others } = annotations;
  void old;
  const clean = { ...object, metadata: { ...metadata, annotations: others } };
  return withAt(clean, ['metadata', 'annotations', lastAppliedAnnotation], `${compactJson(clean, !isTyped(object))}\n`);
}

/** Whether --save-config was given; then the object carries itself. */
export const savedConfig = ({ flags }: Context, object: Fields): Fields => (flags.has('save-config') && flags.bool('save-config') ? withLastApplied(object) : object);

/** Creates an object on the server and gives what became of it. */
export function* createObject(context: Context, mapping: Mapping, namespace: string | undefined, object: Fields): Task<Fields> {
  const created = yield* context.session.rest.object('POST', `${resourcePath(mapping, namespace)}${writeQuery(context)}`, { body: object });
  return withType(created, mapping);
}

/** Replaces an object on the server. */
export function* replaceObject(context: Context, mapping: Mapping, namespace: string | undefined, object: Fields, subresource = ''): Task<Fields> {
  const updated = yield* context.session.rest.object('PUT', `${resourcePath(mapping, namespace, nameOf(object), subresource)}${writeQuery(context)}`, { body: object });
  return withType(updated, mapping);
}

export type PatchKind = 'application/json-patch+json' | 'application/merge-patch+json' | 'application/strategic-merge-patch+json';

/** Patches an object on the server. */
export function* patchObject(context: Context, mapping: Mapping, namespace: string | undefined, name: string, kind: PatchKind, patch: unknown, subresource = ''): Task<Fields> {
  const patched = yield* context.session.rest.object('PATCH', `${resourcePath(mapping, namespace, name, subresource)}${writeQuery(context)}`, { body: patch, contentType: kind });
  return withType(patched, mapping);
}
