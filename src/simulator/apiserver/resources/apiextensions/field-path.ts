import type { StructuralSchema } from '../../../api';

/** Why a path does not lead to a field. */
export class FieldPathError extends Error {
  override readonly name = 'FieldPathError';
}

/** Steps of .a.b['c.d']; `brackets` says whether the second form may be. */
function* steps(path: string, brackets: boolean): Generator<string> {
  let rest = path;
  do {
    if (rest.startsWith('[') && !brackets) throw new FieldPathError('array notation is not allowed');
    if (rest.startsWith('[')) {
      const [whole, name] = /^\['((?:[^'\\]|\\.)*)'\]/.exec(rest) ?? [];
      if (whole === undefined || name === undefined) throw new FieldPathError('expected single quoted string');
      rest = rest.slice(whole.length);
      yield name;
      continue;
    }
    if (!rest.startsWith('.')) throw new FieldPathError(`expected [ or . but got: ${/^[^.[\]]+|^./.exec(rest)?.[0] ?? ''}`);
    rest = rest.slice(1);
    if (rest === '') throw new FieldPathError('unexpected end of JSON path');
    const name = /^[^.[]+/.exec(rest)?.[0];
    if (name === undefined) throw new FieldPathError('does not refer to a valid field');
    rest = rest.slice(name.length);
    yield name;
  } while (rest !== '');
}

/** The schema of the field that a path leads to. Throws FieldPathError. */
export function schemaAt(schema: StructuralSchema, path: string, brackets: boolean): StructuralSchema {
  let here: StructuralSchema | undefined = schema;
  if (path.includes('\n')) throw new FieldPathError('does not refer to a valid field');
  for (const name of steps(path, brackets)) {
    const values: StructuralSchema | boolean | undefined = here.additionalProperties;
    here = here.properties?.[name] ?? (typeof values === 'object' ? values : undefined);
    if (here === undefined) throw new FieldPathError('does not refer to a valid field');
  }
  return here;
}

/** Whether a rule's fieldPath leads to a field. */
export function isFieldPath(schema: StructuralSchema, path: string): boolean {
  try {
    schemaAt(schema, path, true);
    return true;
  } catch (error) {
    if (error instanceof FieldPathError) return false;
    throw error;
  }
}
