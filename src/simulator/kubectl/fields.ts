/** An object read field by field, whatever its kind. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether the value is an object with fields. */
export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What lies at a path; undefined as soon as something is missing. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = (current as Record<string | number, unknown>)[key];
  }
  return current;
}

/** The text at a path; '' when there is none. */
export function textAt(value: unknown, ...path: readonly (string | number)[]): string {
  const found = at(value, ...path);
  return found === undefined || found === null ? '' : String(found);
}

/** The number at a path; 0 when there is none. */
export function numberAt(value: unknown, ...path: readonly (string | number)[]): number {
  const found = at(value, ...path);
  return typeof found === 'number' ? found : 0;
}

/** The object at a path; undefined when there is none. */
export function fieldsAt(value: unknown, ...path: readonly (string | number)[]): Fields | undefined {
  const found = at(value, ...path);
  return isFields(found) ? found : undefined;
}

/** The list of objects at a path; empty when there is none. */
export function listAt(value: unknown, ...path: readonly (string | number)[]): readonly Fields[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? (found as Fields[]) : [];
}

/** The list of texts at a path; empty when there is none. */
export function textsAt(value: unknown, ...path: readonly (string | number)[]): readonly string[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.map(String) : [];
}

/** The map of texts at a path, keys sorted. */
export function mapAt(value: unknown, ...path: readonly (string | number)[]): readonly (readonly [string, string])[] {
  const found = fieldsAt(value, ...path);
  return found ? Object.keys(found).sort(compareText).map((key) => [key, String(found[key])] as const) : [];
}

/** Order by code units, as Go sorts ASCII texts. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** A copy with what lies at a path replaced; undefined removes it. Makes the objects on the way. */
export function withAt(value: unknown, path: readonly (string | number)[], replacement: unknown): Fields {
  const [first, ...rest] = path;
  if (first === undefined) return replacement as Fields;
  if (Array.isArray(value)) {
    return value.map((item, index) => (index === first ? withAt(item, rest, replacement) : item)) as unknown as Fields;
  }
  const base = isFields(value) ? value : {};
  const inner = rest.length === 0 ? replacement : withAt(base[first], rest, replacement);
  if (inner !== undefined) return { ...base, [first]: inner };
  const { [first as string]: removed, ...others } = base;
  void removed;
  return others;
}

/** Whether two JSON values are equal; the order of keys does not count. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  }
  if (!isFields(a) || !isFields(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && sameJson(a[key], b[key]));
}

/** The metadata that most commands need. */
export const nameOf = (object: unknown): string => textAt(object, 'metadata', 'name');
export const namespaceOf = (object: unknown): string => textAt(object, 'metadata', 'namespace');
export const kindOf = (object: unknown): string => textAt(object, 'kind');
