/** The type of an expression or variable. `object` has known fields; a host's own types carry a name. */
export interface CelType {
  readonly name: string;
  /** Of a list, a map's values, an optional. */
  readonly element?: CelType;
  readonly key?: CelType;
  /** Of an object whose fields are known. */
  readonly fields?: ReadonlyMap<string, CelType>;
  /** The real names of fields that expressions write otherwise (a__dash__b). */
  readonly names?: ReadonlyMap<string, string>;
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
/** An object with these fields. */
export const objectOf = (name: string, fields: ReadonlyMap<string, CelType>): CelType => ({ name, fields });

/** As errors show it: list(string), map(string, dyn). */
export function typeText(type: CelType): string {
  if (type.name === 'list' || type.name === 'optional_type') return `${type.name}(${typeText(type.element ?? celTypes.dyn)})`;
  if (type.name === 'map') return `map(${typeText(type.key ?? celTypes.dyn)}, ${typeText(type.element ?? celTypes.dyn)})`;
  if (type.name === 'timestamp') return 'timestamp';
  return type.name === 'null_type' ? 'null' : (type.shown ?? type.name);
}

/** Whether a value of `from` may stand where `to` is asked for. */
export function assignable(from: CelType, to: CelType): boolean {
  if (from.name === 'dyn' || to.name === 'dyn') return true;
  if (from.name === 'null_type' || to.name === 'null_type') return from.name === to.name || ['timestamp', 'duration', 'optional_type'].includes(from.name) || from.fields !== undefined || to.fields !== undefined;
  if (from.name !== to.name) return false;
  if (from.element && to.element && !assignable(from.element, to.element)) return false;
  return !(from.key && to.key) || assignable(from.key, to.key);
}

/** The common type of two; dyn when there is none. */
export const joined = (a: CelType, b: CelType): CelType => (a === celTypes.any || b === celTypes.any ? celTypes.any : a.name === b.name && assignable(a, b) ? a : celTypes.dyn);
