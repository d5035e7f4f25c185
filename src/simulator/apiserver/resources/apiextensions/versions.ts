import type { StructuralSchema } from '../../../api';
import type { Errors, Path } from '../../field';
import { FieldPathError, schemaAt } from './field-path';
import type { Version } from './hoisted';

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string'];
const columnFormats = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];
const selectableLimit = 8;

function checkSimplePath(text: string, path: Path, errors: Errors): boolean {
  if (text === '') errors.required(path);
  else if (!text.startsWith('.')) errors.invalid(path, text, 'must be a simple json path starting with .');
  else return true;
  return false;
}

/** Checks where a scale subresource reads and writes. */
export function checkSubresources(subresources: Version['subresources'], path: Path, errors: Errors): void {
  const scale = subresources?.scale;
  if (!scale) return;
  const own = path.child('scale');
  const under = (text: string | undefined, field: string, roots: readonly string[], words: string): void => {
    if (checkSimplePath(text ?? '', own.child(field), errors) && !roots.some((root) => text?.startsWith(`${root}.`))) errors.invalid(own.child(field), text, `should be a json path under ${words}`);
  };
  under(scale.specReplicasPath, 'specReplicasPath', ['.spec'], '.spec');
  under(scale.statusReplicasPath, 'statusReplicasPath', ['.status'], '.status');
  if ((scale.labelSelectorPath ?? '') !== '') under(scale.labelSelectorPath, 'labelSelectorPath', ['.spec', '.status'], 'either .spec or .status');
}

/** Checks what kubectl get is to show. */
export function checkColumns(columns: Version['additionalPrinterColumns'], path: Path, errors: Errors): void {
  for (const [index, { name, type, format, jsonPath }] of (columns ?? []).entries()) {
    const at = path.index(index);
    if (name === '') errors.required(at.child('name'));
    const types = `must be one of ${columnTypes.join(',')}`;
    if (type === '') errors.required(at.child('type'), types);
    else if (!columnTypes.includes(type)) errors.invalid(at.child('type'), type, types);
    if (format !== undefined && format !== '' && !columnFormats.includes(format)) errors.invalid(at.child('format'), format, `must be one of ${columnFormats.join(',')}`);
    checkSimplePath(jsonPath, at.child('JSONPath'), errors);
  }
}

/** Checks by what fields clients may select. */
export function checkSelectable(fields: Version['selectableFields'], schema: StructuralSchema | undefined, missing: string, path: Path, errors: Errors): void {
  if (!fields || fields.length === 0) return;
  if (!schema) return errors.invalid(path, '', missing);
  const seen = new Set<string>();
  for (const [index, { jsonPath }] of fields.entries()) {
    const at = path.index(index).child('jsonPath');
    if (jsonPath === '') {
      errors.required(at);
      continue;
    }
    try {
      const { type } = schemaAt(schema, jsonPath, false);
      if (type !== 'string' && type !== 'boolean' && type !== 'integer') errors.invalid(at, jsonPath, 'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.');
    } catch (error) {
      if (!(error instanceof FieldPathError)) throw error;
      errors.invalid(at, jsonPath, `is an invalid path: ${error.message}`);
    }
    if (seen.has(jsonPath)) errors.duplicate(at, jsonPath);
    seen.add(jsonPath);
  }
  if (seen.size > selectableLimit) errors.tooMany(path, seen.size, selectableLimit);
}

const warningLimit = 256;

/** Checks the text that clients of a deprecated version are to see. */
export function checkDeprecation({ deprecated, deprecationWarning }: Version, path: Path, errors: Errors): void {
  if (deprecationWarning === undefined) return;
  const at = path.child('deprecationWarning');
  if (deprecated !== true) errors.invalid(at, deprecationWarning, 'can only be set for deprecated versions');
  if (deprecationWarning.length > warningLimit) errors.invalid(at, deprecationWarning, `must be <= ${warningLimit} characters long`);
  if (deprecationWarning === '') errors.invalid(at, deprecationWarning, 'must not be an empty string');
  const odd = [...deprecationWarning].findIndex((character) => /[^\P{C}\p{L}]|[^\P{Z} ]/u.test(character));
  if (odd >= 0) errors.invalid(at, deprecationWarning, `must only contain printable UTF-8 characters; non-printable character found at index ${odd}`);
}
