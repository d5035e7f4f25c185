import type { GroupVersionInfo, OpenApiField, OpenApiType } from './discovery';
import type { GoField, GoShape, GoTypes } from './oracle';

/*
 * The compact text of a type, read by src/simulator/api/schema/load.ts: fields joined by ';', each
 *   NAME ' ' SHAPE FLAGS
 * SHAPE: a letter for a scalar; @REF for an object (REF is a type's index in base 36); [SHAPE for a list; <SHAPE for a map.
 * FLAGS: ! required, * pointer, ? omitempty, #N protobuf number, ^N inside embedded message N, +N the embedded structs' Go names (index), ~ atomic, = set,
 * :a,b map by keys, &N Go name (index), $STRATEGY,KEY patch, |a,b enum values, w wrapped, o/O/S alternatives, and last
 * %JSON the default. Flags of a list's element stand in parentheses after its shape.
 */
const letters: Record<string, string> = {
  string: 's', boolean: 'b', int32: 'i', int64: 'l', int: 'n', uint8: 'c', uint32: 'k', uint64: 'v', float64: 'f', bytes: 'y', quantity: 'q', intOrString: 'x',
  time: 't', microTime: 'u', duration: 'r', json: 'j', raw: 'R', fields: 'F',
};

/** Everything but the types' own texts that many types share. */
export class Interner {
  readonly types: string[] = [];
  readonly goNames: string[] = [];
  /** Types whose objects are owned as a whole. */
  readonly atomic = new Set<string>();
  private readonly typeIndex = new Map<string, number>();

  type(name: string): string {
    let index = this.typeIndex.get(name);
    if (index === undefined) {
      index = this.types.push(name) - 1;
      this.typeIndex.set(name, index);
    }
    return index.toString(36);
  }

  go(name: string): string {
    const index = this.goNames.indexOf(name);
    return (index < 0 ? this.goNames.push(name) - 1 : index).toString(36);
  }
}

const unpointed = (go: string) => go.replace(/^\*/, '');

/** The Go name that the shape alone would give. */
export function plainGoName(shape: GoShape): string {
  switch (shape.type) {
    case 'object': return goTypeName(shape.object ?? '');
    case 'list': return `[]${shape.element?.go ?? ''}`;
    case 'map': return `map[string]${shape.element?.go ?? ''}`;
    case 'boolean': return 'bool';
    case 'bytes': return '[]uint8';
    case 'quantity': return 'resource.Quantity';
    case 'intOrString': return 'intstr.IntOrString';
    case 'time': return 'v1.Time';
    case 'microTime': return 'v1.MicroTime';
    case 'duration': return 'v1.Duration';
    case 'raw': return 'runtime.RawExtension';
    case 'fields': return 'v1.FieldsV1';
    case 'json': return 'interface {}';
    default: return shape.type;
  }
}

const goTypeName = (name: string) => name.split('.').slice(-2).join('.');

const alternatives = { boolean: 'o', list: 'O', strings: 'S' };

function encodeShape(shape: GoShape, interner: Interner): string {
  let text: string;
  if (shape.type === 'object') text = `@${interner.type(shape.object ?? '')}`;
  else if (shape.type === 'list' || shape.type === 'map') text = (shape.type === 'list' ? '[' : '<') + encodeElement(shape.element as GoShape, interner);
  else text = letters[shape.type] ?? 'j';
  return text;
}

function shapeFlags(shape: GoShape, interner: Interner): string {
  let flags = '';
  if (shape.pointer) flags += '*';
  if (shape.wrapped) flags += 'w';
  if (shape.or) flags += alternatives[shape.or];
  const go = unpointed(shape.go);
  if (go !== plainGoName(shape)) flags += `&${interner.go(go)}`;
  return flags;
}

function encodeElement(shape: GoShape, interner: Interner): string {
  const flags = shapeFlags(shape, interner) + (shape.type === 'object' && interner.atomic.has(shape.object ?? '') ? '~' : '');
  const text = encodeShape(shape, interner);
  const inner = shape.element && !text.endsWith(')') ? '()' : ''; // or the inner element would take these flags for its own
  return flags === '' ? text : `${text}${inner}(${flags})`;
}

const isZero = (value: unknown) => value === '' || value === 0 || value === false || JSON.stringify(value) === '{}';

function merging(shape: GoShape, open: OpenApiField, objectAtomic: boolean): string {
  const list = open['x-kubernetes-list-type'];
  if (list === 'atomic') return '~';
  if (list === 'set') return '=';
  if (list === 'map') return `:${(open['x-kubernetes-list-map-keys'] ?? []).join(',')}`;
  const map = open['x-kubernetes-map-type'];
  if (map === 'atomic' || (map === undefined && shape.type === 'object' && objectAtomic)) return '~';
  return '';
}

function encodeField(field: GoField, type: OpenApiType, open: OpenApiField, interner: Interner): string {
  const { shape } = field;
  let flags = shapeFlags(shape, interner);
  if (type.required?.includes(field.name)) flags += '!';
  if (field.omitEmpty) flags += '?';
  for (const number of field.inline ?? []) flags += `^${number.toString(36)}`;
  if (field.embedded) flags += `+${interner.go(field.embedded)}`;
  if (field.protobuf) flags += `#${field.protobuf.toString(36)}`;
  flags += merging(shape, open, interner.atomic.has(shape.object ?? ''));
  if (field.patchStrategy) flags += `$${field.patchStrategy}${field.patchMergeKey ? `/${field.patchMergeKey}` : ''}`;
  const values = open.enum ?? open.items?.enum;
  if (values) flags += `|${values.join(',')}`;
  if (open.default !== undefined && !isZero(open.default)) flags += `%${JSON.stringify(open.default)}`;
  return `${field.name} ${encodeShape(shape, interner)}${flags && ` ${flags}`}`;
}

/** The texts of all types that `roots` lead to, in the interner's order. */
export function encodeTypes(go: GoTypes, groups: readonly GroupVersionInfo[], roots: readonly string[], interner: Interner): string[] {
  const openapi: Record<string, OpenApiType> = Object.assign({}, ...groups.map((group) => group.openapi));
  for (const [name, type] of Object.entries(openapi)) if (type['x-kubernetes-map-type'] === 'atomic') interner.atomic.add(name);
  for (const root of roots) interner.type(root);
  const texts: string[] = [];
  for (let i = 0; i < interner.types.length; i++) {
    const name = interner.types[i] as string;
    const type = openapi[name] ?? {};
    const fields = (go.types[name] ?? []).map((field) => encodeField(field, type, type.properties?.[field.name] ?? {}, interner));
    for (const field of fields) if (field.includes(';')) throw new Error(`a field's text holds the separator: ${field}`);
    texts.push(fields.join(';'));
  }
  return texts;
}
