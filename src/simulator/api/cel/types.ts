/** The type of an expression or variable. `object` has known fields; a host's own types carry a name. */
export interface CelType {
  readonly name: string;
  /** Of a list, a map's values, an optional; of a type's value the type. */
  readonly element?: CelType;
  readonly key?: CelType;
  /** Of an object whose fields are known. */
  readonly fields?: ReadonlyMap<string, CelType>;
  /** The real names of fields that expressions write otherwise (a__dash__b). */
  readonly names?: ReadonlyMap<string, string>;
  /** The name of a type that stands for any: A, B in signatures; a number once it is being solved. */
  readonly parameter?: string;
  /** As errors show it, where not by its name. */
  readonly shown?: string;
}

const plain = (name: string): CelType => Object.freeze({ name });

export const celTypes = {
  dyn: plain('dyn'), any: Object.freeze({ name: 'dyn', shown: 'any' }) as CelType, bool: plain('bool'), int: plain('int'), uint: plain('uint'), double: plain('double'), string: plain('string'), bytes: plain('bytes'), null_type: plain('null_type'),
  timestamp: plain('timestamp'), duration: plain('duration'), type: plain('type'), quantity: plain('kubernetes.Quantity'), url: plain('kubernetes.URL'), ip: plain('net.IP'), cidr: plain('net.CIDR'),
  semver: plain('kubernetes.Semver'), namedFormat: plain('kubernetes.NamedFormat'),
} as const;

export const listOf = (element: CelType): CelType => ({ name: 'list', element });
export const mapOf = (element: CelType, key: CelType = celTypes.string): CelType => ({ name: 'map', key, element });
export const optionalOf = (element: CelType): CelType => ({ name: 'optional_type', element });
export const typeOf = (element: CelType): CelType => ({ name: 'type', element });
export const parameterOf = (parameter: string): CelType => ({ name: 'parameter', parameter });
/** An object with these fields. */
export const objectOf = (name: string, fields: ReadonlyMap<string, CelType>): CelType => ({ name, fields });

const shorthand: Readonly<Record<string, CelType>> = celTypes;

/** Reads a type as signatures write it: string, list<A>, map<string,optional<B>>; one capital letter is a parameter. */
export function readType(text: string): CelType {
  const generic = /^(list|map|optional|type)<(.*)>$/.exec(text);
  if (!generic) return /^[A-Z]$/.test(text) ? parameterOf(text) : (shorthand[text] ?? { name: text });
  const [, name = '', inner = ''] = generic;
  if (name === 'list') return listOf(readType(inner));
  if (name === 'optional') return optionalOf(readType(inner));
  if (name === 'type') return typeOf(readType(inner));
  const comma = inner.indexOf(',');
  return mapOf(readType(inner.slice(comma + 1)), readType(inner.slice(0, comma)));
}

/** As errors show it: list(string), map(string, dyn). */
export function typeText(type: CelType): string {
  if (type.parameter !== undefined) return 'dyn';
  if (type.name === 'map') return `map(${typeText(type.key ?? celTypes.dyn)}, ${typeText(type.element ?? celTypes.dyn)})`;
  if (type.name === 'list' || type.name === 'optional_type') return `${type.name}(${typeText(type.element ?? celTypes.dyn)})`;
  if (type.name === 'type') return type.element ? `type(${typeText(type.element)})` : 'type';
  return type.name === 'null_type' ? 'null' : (type.shown ?? type.name);
}

/** Whether two types are the same, parameters aside. */
export function sameType(a: CelType, b: CelType): boolean {
  if (a.name !== b.name || a.shown !== b.shown || a.parameter !== b.parameter) return false;
  const inner = (one: CelType | undefined, other: CelType | undefined) => (one && other ? sameType(one, other) : one === other);
  return inner(a.element, b.element) && inner(a.key, b.key);
}
