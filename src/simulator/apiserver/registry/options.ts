import { utf8Encode } from '../../kernel';
import { badRequest, invalidOptions } from '../errors';
import type { FieldError } from '../field';
import type { Query } from '../request/url';

/** Options of a create, update or patch. */
export interface WriteRequestOptions {
  readonly dryRun: boolean;
  readonly fieldManager: string;
  readonly fieldValidation: 'Ignore' | 'Warn' | 'Strict';
  readonly force: boolean | undefined;
}

const validations = new Set(['', 'Ignore', 'Strict', 'Warn']);

/** What is wrong with dryRun values. */
export function dryRunErrors(values: readonly string[]): FieldError[] {
  if (values.every((value) => value === 'All')) return [];
  return [{ type: 'FieldValueNotSupported', field: 'dryRun', message: `Unsupported value: ${JSON.stringify(values)}: supported values: "All"` }];
}

/** What is wrong with a field manager's name. */
function managerErrors(manager: string): FieldError[] {
  const errors: FieldError[] = [];
  if (manager.length > 128) errors.push({ type: 'FieldValueTooLong', field: 'fieldManager', message: 'Too long: may not be more than 128 bytes' });
  const odd = /\p{C}/u.exec(manager);
  if (odd) {
    const code = (odd[0].codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0');
    errors.push({ type: 'FieldValueInvalid', field: 'fieldManager', message: `Invalid value: ${JSON.stringify(manager)}: invalid character U+${code} (at position ${utf8Encode(manager.slice(0, odd.index)).length})` });
  }
  return errors;
}

const simpleWrite: WriteRequestOptions = { dryRun: false, fieldManager: '', fieldValidation: 'Warn', force: undefined };

/** Reads a write's query parameters. Throws the 422 of its option kind (CreateOptions …). */
export function writeOptions(query: Query, kind: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions'): WriteRequestOptions {
  const dryRun = query.all('dryRun');
  const fieldManager = query.get('fieldManager') ?? '';
  const validation = query.get('fieldValidation') ?? '';
  if (dryRun.length === 0 && fieldManager === '' && validation === '' && !query.has('force')) return simpleWrite;
  const errors = [...managerErrors(fieldManager), ...dryRunErrors(dryRun)];
  if (!validations.has(validation)) {
    errors.push({ type: 'FieldValueNotSupported', field: 'fieldValidation', message: `Unsupported value: ${JSON.stringify(validation)}: supported values: "", "Ignore", "Strict", "Warn"` });
  }
  if (errors.length > 0) throw invalidOptions(kind, errors);
  return {
    dryRun: dryRun.length > 0,
    fieldManager,
    fieldValidation: validation === '' ? 'Warn' : (validation as 'Ignore' | 'Warn' | 'Strict'),
    force: query.has('force') ? query.flag('force') : undefined,
  };
}

/** Options of a list or watch. */
export interface ReadOptions {
  readonly labelSelector: string;
  readonly fieldSelector: string;
  readonly limit: number;
  readonly continue: string;
  readonly resourceVersion: string;
  readonly resourceVersionMatch: string;
  readonly allowWatchBookmarks: boolean;
  readonly sendInitialEvents: boolean | undefined;
  readonly timeoutSeconds: number | undefined;
}

function integer(query: Query, name: string): number | undefined {
  const text = query.get(name);
  if (text === undefined) return undefined;
  if (!/^[+-]?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text);
}

/** Reads a list's or watch's query parameters. Throws a 400 or the 422 of ListOptions. */
export function readOptions(query: Query, watch: boolean): ReadOptions {
  const options: ReadOptions = {
    labelSelector: query.get('labelSelector') ?? '',
    fieldSelector: query.get('fieldSelector') ?? '',
    limit: Math.max(0, integer(query, 'limit') ?? 0),
    continue: query.get('continue') ?? '',
    resourceVersion: query.get('resourceVersion') ?? '',
    resourceVersionMatch: query.get('resourceVersionMatch') ?? '',
    allowWatchBookmarks: query.flag('allowWatchBookmarks'),
    sendInitialEvents: query.has('sendInitialEvents') ? query.flag('sendInitialEvents') : undefined,
    timeoutSeconds: integer(query, 'timeoutSeconds'),
  };
  const errors = watch ? watchErrors(options) : listErrors(options);
  if (errors.length > 0) throw invalidOptions('ListOptions', errors);
  return options;
}

const matchError = (type: FieldError['type'], message: string): FieldError => ({ type, field: 'resourceVersionMatch', message });

function watchErrors({ resourceVersionMatch: match, resourceVersion, sendInitialEvents, continue: token }: ReadOptions): FieldError[] {
  const errors: FieldError[] = [];
  // A watch from any version begins with what there is, as if the client had asked for initial events.
  if (token !== '' && (match !== '' || (sendInitialEvents === undefined && (resourceVersion === '' || resourceVersion === '0')))) {
    errors.push(matchError('FieldValueForbidden', 'Forbidden: resourceVersionMatch is forbidden when continue is provided'));
  }
  if (sendInitialEvents === undefined) {
    if (match !== '') errors.push(matchError('FieldValueForbidden', 'Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'));
  } else if (match !== 'NotOlderThan') {
    errors.push(matchError('FieldValueForbidden', 'Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'));
  }
  if (match !== '' && match !== 'NotOlderThan') errors.push(matchError('FieldValueNotSupported', `Unsupported value: ${JSON.stringify(match)}: supported values: "NotOlderThan"`));
  return errors;
}

function listErrors({ resourceVersionMatch: match, resourceVersion, sendInitialEvents, continue: token }: ReadOptions): FieldError[] {
  const errors: FieldError[] = [];
  if (sendInitialEvents !== undefined) errors.push({ type: 'FieldValueForbidden', field: 'sendInitialEvents', message: 'Forbidden: sendInitialEvents is forbidden for list' });
  if (match === '') return errors;
  if (resourceVersion === '') errors.push(matchError('FieldValueForbidden', 'Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided'));
  if (token !== '') errors.push(matchError('FieldValueForbidden', 'Forbidden: resourceVersionMatch is forbidden when continue is provided'));
  if (match !== 'Exact' && match !== 'NotOlderThan') {
    errors.push(matchError('FieldValueNotSupported', `Unsupported value: ${JSON.stringify(match)}: supported values: "Exact", "NotOlderThan", ""`));
  }
  if (match === 'Exact' && resourceVersion === '0') errors.push(matchError('FieldValueForbidden', 'Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
  return errors;
}
