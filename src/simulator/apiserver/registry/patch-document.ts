import { afterUse, applyJsonPatch, applyMergePatch, applyStrategicPatch, encodeAny, encodeJson, type FieldSchema, goValue, isJsonObject, JsonError, NumberText, parseJson, plainJson, PatchError, type TypeSchema, failure } from '../../api';
import { utf8Decode } from '../../kernel';
import { badRequest, unexpected } from '../errors';

/** The kinds of patch that change a document; server-side apply is another matter. */
export type PatchKind = 'json' | 'merge' | 'strategic';

/** A patch, read. `shown` is how errors quote it. */
export interface ReadPatch {
  readonly kind: PatchKind;
  readonly value: unknown;
}

const kindName = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : value instanceof NumberText ? 'number' : value === null ? 'null' : typeof value);

/** Reads a patch's body. Throws a 400. */
export function readPatch(kind: PatchKind, body: unknown): ReadPatch {
  let value = body;
  const prefix = kind === 'strategic' ? '' : 'error decoding patch: ';
  if (body instanceof Uint8Array || body === undefined) {
    try {
      value = plainJson(parseJson(utf8Decode(body ?? new Uint8Array())).value);
    } catch (error) {
      if (error instanceof JsonError) throw badRequest(prefix + error.message);
      throw error;
    }
  }
  if (kind === 'json') {
    if (value !== null && !Array.isArray(value)) throw badRequest(`${prefix}json: cannot unmarshal ${kindName(value)} into Go value of type []handlers.jsonPatchOp`);
    for (const operation of (value ?? []) as readonly unknown[]) {
      if (operation !== null && !isJsonObject(operation)) throw badRequest(`${prefix}json: cannot unmarshal ${kindName(operation)} into Go value of type handlers.jsonPatchOp`);
    }
    return { kind, value };
  }
  if (value === null && kind === 'merge') throw badRequest('Invalid JSON Patch');
  if (value !== null && !isJsonObject(value)) throw badRequest(`${prefix}json: cannot unmarshal ${kindName(value)} into Go value of type map[string]interface {}`);
  return { kind, value: value ?? {} };
}

/** The patched document; shares what the patch leaves alone. Throws the Status of a patch that does not fit. */
export function applyPatch({ kind, value }: ReadPatch, type: TypeSchema, document: object): unknown {
  try {
    if (kind === 'json') return applyJsonPatch(document, value, true);
    if (kind === 'merge') return sortedTouched(document, applyMergePatch(document, value));
    return applyStrategicPatch(type, document as Readonly<Record<string, unknown>>, value as Readonly<Record<string, unknown>>);
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    if (kind !== 'strategic') throw failure(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
    throw error.malformed ? badRequest(error.message) : unexpected(error.message);
  }
}

/** What a merge patch made of a document: the objects that it touched have their keys in order. */
function sortedTouched(original: unknown, patched: unknown): unknown {
  if (patched === original) return patched;
  if (Array.isArray(patched)) return patched.map((item: unknown) => sortedTouched(undefined, item));
  if (!isJsonObject(patched)) return patched;
  const before = isJsonObject(original) ? original : {};
  return Object.fromEntries(Object.keys(patched).sort().map((key) => [key, sortedTouched(before[key], patched[key])]));
}

/** JSON with keys as they stand. */
function rawText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(rawText).join(',')}]`;
  return isJsonObject(value) ? `{${Object.entries(value).map(([key, item]) => `${encodeAny(key)}:${rawText(item)}`).join(',')}}` : encodeAny(value);
}

/** How a refused patch is quoted: a strategic one as Go prints it, others by the document that they made. */
export function quotedPatch({ kind, value }: ReadPatch, type: TypeSchema, original: object, patched: unknown): string {
  return kind === 'strategic' ? goValue(isJsonObject(value) ? afterUse(value, original as Readonly<Record<string, unknown>>) : value) : patchedText(type, original, patched);
}

/** JSON of a patched document: keys of what the patch brought come as they stand there, the rest is as it was. */
function patchedText(type: TypeSchema, original: unknown, patched: unknown): string {
  if (patched === original && isJsonObject(patched)) return encodeJson(type, patched);
  if (!isJsonObject(patched)) return rawText(patched);
  const before = isJsonObject(original) ? original : {};
  const parts = Object.keys(patched).filter((key) => patched[key] !== undefined).map((key) => `${JSON.stringify(key)}:${fieldText(type.fields.get(key), before[key], patched[key])}`);
  return `{${parts.join(',')}}`;
}

function fieldText(field: FieldSchema | undefined, original: unknown, patched: unknown): string {
  if (field?.type === 'object' && field.object && isJsonObject(patched)) return patchedText(field.object, original, patched);
  if (field?.type === 'list' && Array.isArray(patched) && field.element?.object) {
    const before = Array.isArray(original) ? (original as readonly unknown[]) : [];
    const element = field.element;
    return `[${patched.map((item) => fieldText(element, before.find((old) => old === item), item)).join(',')}]`;
  }
  return rawText(patched);
}
