import { isJsonObject } from '../patch';
import type { TypeSchema } from '../schema';
import { type Shape, shapeOfType } from './shape';
import { mergeTyped, TypedError, validateTyped } from './walk';

/**
 * Puts what a mutating policy sets over an object, as server-side apply merges, but lists, maps and structs that are
 * replaced as a whole may not be touched (KEP-3962). Throws a TypedError.
 */
export function applyPolicyPatch(type: TypeSchema, live: object, patch: object): object {
  const shape = shapeOfType(type);
  const [fault] = validateTyped(shape, patch);
  if (fault !== undefined) throw new TypedError(`failed to convert patch object to typed object: ${fault}`);
  const atomic = atomicPart(shape, patch, '');
  if (atomic !== undefined) throw new TypedError(`invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: ${atomic}`);
  return mergeTyped(shape, live, patch) as object;
}

/** Where a value sets a part that is replaced as a whole. */
function atomicPart(shape: Shape, value: unknown, path: string): string | undefined {
  if (value === null || value === undefined) return undefined;
  switch (shape.kind) {
    case 'atomic': return path;
    case 'list': return Array.isArray(value) ? firstOf(value, (item, index) => atomicPart(shape.element(), item, `${path}[${index}]`)) : undefined;
    case 'map':
    case 'struct': {
      if (!isJsonObject(value)) return undefined;
      return firstOf(Object.keys(value).sort(), (key) => {
        const inner = shape.kind === 'map' ? shape.element() : shape.field(key);
        return inner && atomicPart(inner, value[key], `${path}.${key}`);
      });
    }
    default: return undefined;
  }
}

function firstOf<T>(items: readonly T[], look: (item: T, index: number) => string | undefined): string | undefined {
  for (const [index, item] of items.entries()) {
    const found = look(item, index);
    if (found !== undefined) return found;
  }
  return undefined;
}
