import { badRequest, invalidOptions } from '../errors';
import type { FieldError } from '../field';
import { DecodeError, decodeValue, typeNamed, type TypeSchema } from '../../api';
import type { Query } from '../request/url';
import { dryRunErrors } from './options';

/** meta/v1 DeleteOptions, checked. */
export interface DeletionOptions {
  readonly gracePeriodSeconds: number | undefined;
  readonly propagationPolicy: 'Orphan' | 'Background' | 'Foreground' | undefined;
  readonly uid: string | undefined;
  readonly resourceVersion: string | undefined;
  readonly dryRun: boolean;
  /** In the old words, that dependents are not orphaned: the answer tells whether that is done already. */
  readonly asksForDependents: boolean;
}

interface Body {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: string;
  readonly orphanDependents?: boolean;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly dryRun?: readonly string[];
}

const policies = new Set(['Orphan', 'Background', 'Foreground']);

/** Reads a delete's options from its body, or from its query when it has none. Throws a 400 or 422. */
export function deletionOptions(query: Query, body: unknown): DeletionOptions {
  const given = body === undefined ? fromQuery(query) : decoded(body as object);
  if (given.kind !== undefined && given.kind !== '' && given.kind !== 'DeleteOptions') {
    throw badRequest(`no kind "${given.kind}" is registered for version "${given.apiVersion || 'meta.k8s.io/v1'}" in scheme "pkg/runtime/scheme.go:111"`);
  }
  const { propagationPolicy: policy, orphanDependents } = given;
  const errors: FieldError[] = [];
  if (policy !== undefined && orphanDependents !== undefined) errors.push({ type: 'FieldValueInvalid', field: 'propagationPolicy', message: `Invalid value: ${JSON.stringify(policy)}: orphanDependents and deletionPropagation cannot be both set` });
  if (policy !== undefined && !policies.has(policy)) {
    errors.push({ type: 'FieldValueNotSupported', field: 'propagationPolicy', message: `Unsupported value: ${JSON.stringify(policy)}: supported values: "Foreground", "Background", "Orphan", "nil"` });
  }
  const dryRun = given.dryRun ?? query.all('dryRun');
  errors.push(...dryRunErrors(dryRun));
  if (errors.length > 0) throw invalidOptions('DeleteOptions', errors);
  return {
    gracePeriodSeconds: given.gracePeriodSeconds,
    propagationPolicy: (policy as DeletionOptions['propagationPolicy']) ?? (orphanDependents === undefined ? undefined : orphanDependents ? 'Orphan' : 'Background'),
    uid: given.preconditions?.uid,
    resourceVersion: given.preconditions?.resourceVersion,
    dryRun: dryRun.length > 0,
    asksForDependents: orphanDependents === false,
  };
}

function decoded(body: object): Body {
  try {
    return decodeValue(typeNamed('io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions') as TypeSchema, body).object as Body;
  } catch (error) {
    if (error instanceof DecodeError) throw badRequest(error.message);
    throw error;
  }
}

function fromQuery(query: Query): Body {
  const grace = query.get('gracePeriodSeconds');
  if (grace !== undefined && !/^[+-]?\d+$/.test(grace)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(grace)}: invalid syntax`);
  const policy = query.get('propagationPolicy');
  return {
    ...(grace !== undefined && { gracePeriodSeconds: Number(grace) }),
    ...(policy !== undefined && { propagationPolicy: policy }),
    ...(query.has('orphanDependents') && { orphanDependents: query.flag('orphanDependents') }),
  };
}
