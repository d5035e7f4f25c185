import { type GroupVersionKind, plainJson } from '../../api';
import { badRequest, invalid } from '../errors';
import type { RequestBody } from '../registry/body';
import type { WriteRequestOptions } from '../registry/options';
import { reportStrict } from '../registry/strict';
import type { Draft } from '../resources/definition';
import type { CustomServing } from '../served';

/** The group and version must be those of the path (400), the kind the resource's own (422). */
function checkCustomKind(value: object, wanted: GroupVersionKind): void {
  const { apiVersion, kind, metadata } = value as { apiVersion?: string; kind?: string; metadata?: { name?: string } };
  const version = `${wanted.group}/${wanted.version}`;
  if (apiVersion && apiVersion !== version) throw badRequest(`the API version in the data (${apiVersion}) does not match the expected API version (${version})`);
  if (kind && kind !== wanted.kind) throw invalid(wanted.group, kind, metadata?.name ?? '', [{ type: 'FieldValueInvalid', field: 'kind', message: `Invalid value: ${JSON.stringify(kind)}: must be ${wanted.kind}` }]);
}

/** Reads a custom resource: metadata as of every object, the rest pruned and defaulted by its schema. Throws a 400. */
export function decodeCustom(custom: CustomServing, { value, parsed }: RequestBody, wanted: GroupVersionKind, options: WriteRequestOptions, warnings: Set<string>): Draft {
  checkCustomKind(value, wanted);
  const strict: string[] = [];
  const draft = custom.shape(parsed ? plainJson(value) : value, strict);
  reportStrict(strict, wanted, options, warnings);
  return draft;
}
