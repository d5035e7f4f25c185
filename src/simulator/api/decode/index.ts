import { type ParsedJson, parseJson } from '../json';
import type { TypeSchema } from '../schema';
import { decodeStruct } from './compile';
import { DecodeContext } from './context';

export { base64Decode, base64Encode, normaliseBase64 } from '../../kernel';
export { DecodeError, kindOfValue } from './context';
export { applySchemaDefaults } from './defaults';
export { encodeAny, encodeJson } from './encode';
export { emptyMapValue, sortedKeys } from './compile';
export { convertUnstructured } from './unstructured';

/** What decoding gives: a fresh mutable object as Go would write it, and what strict decoding would refuse. */
export interface Decoded {
  readonly object: Record<string, unknown>;
  /** `unknown field "spec.foo"`, `duplicate field "data.a"`: refused under Strict, warned of under Warn. */
  readonly strictErrors: readonly string[];
  /** Whether the object has empty optional lists or maps, which were to be kept. */
  readonly empties: boolean;
}

/**
 * Reads a parsed value as this type: checks types, drops unknown fields and nulls, brings quantities and times to
 * canonical form, and writes down what Go always writes (empty structs, zero values without omitempty). Fields come in
 * Go's order, maps sorted. Throws DecodeError in the words of Go's decoder. `keepsEmpty`: empty optional lists and maps,
 * which Go reads but never writes, stay.
 */
export function decodeValue(type: TypeSchema, value: unknown, parsed?: ParsedJson, keepsEmpty = false): Decoded {
  const context = new DecodeContext(parsed?.duplicates, true, keepsEmpty);
  const object = decodeStruct(type, value, context);
  return { object, strictErrors: context.strict, empties: context.empties };
}

/** The same from text. Throws JsonError too. */
export function decodeJson(type: TypeSchema, text: string): Decoded {
  const parsed = parseJson(text);
  return decodeValue(type, parsed.value, parsed);
}
