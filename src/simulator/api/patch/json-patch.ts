import { NumberText } from '../json';
import { equalJson, FailedTestError, isJsonObject, PatchError } from './equal';

/** One operation of RFC 6902, unchecked. */
type Operation = Readonly<Record<string, unknown>>;

const decodeToken = (token: string) => token.replaceAll('~1', '/').replaceAll('~0', '~');

interface Place {
  /** The object or list that holds the last part of the path; undefined when the way there is missing. */
  readonly holder: unknown;
  readonly key: string;
}

/** A document that operations change; what they touch is copied first. */
class Document {
  private readonly owned = new Set<object>();

  constructor(public root: unknown) {}

  private own<T extends object>(value: T): T {
    if (this.owned.has(value)) return value;
    const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as T;
    this.owned.add(copy);
    return copy;
  }

  /** Finds the holder of the last part, copying everything on the way so that it may be changed. */
  find(path: string): Place {
    const parts = path.split('/');
    if (parts.length < 2) return { holder: undefined, key: path };
    if (typeof this.root !== 'object' || this.root === null) return { holder: undefined, key: '' };
    let holder: unknown = (this.root = this.own(this.root));
    for (const part of parts.slice(1, -1)) {
      const key = this.indexed(holder, decodeToken(part));
      const next = key === undefined ? undefined : (holder as Record<string, unknown>)[key];
      if (typeof next !== 'object' || next === null) return { holder: undefined, key: '' };
      const copy = this.own(next);
      (holder as Record<string, unknown>)[key as string] = copy;
      holder = copy;
    }
    return { holder, key: decodeToken(parts[parts.length - 1] ?? '') };
  }

  /** The document: the objects that operations went through have their keys in order, the others are as they came. */
  get sorted(): unknown {
    for (const object of this.owned) if (!Array.isArray(object)) sortKeys(object as Record<string, unknown>);
    return this.root;
  }

  private indexed(holder: unknown, key: string): string | undefined {
    if (!Array.isArray(holder)) return Object.hasOwn(holder as object, key) ? key : undefined;
    const index = atoi(key);
    if (index === undefined) return undefined;
    return String(index < 0 ? index + holder.length : index);
  }
}

function sortKeys(object: Record<string, unknown>): void {
  const entries = Object.entries(object).sort(([one], [other]) => (one < other ? -1 : 1));
  for (const [key] of entries) delete object[key];
  Object.assign(object, Object.fromEntries(entries));
}

const atoi = (text: string): number | undefined => (/^[+-]?[0-9]+$/.test(text) ? Number(text) : undefined);
const notANumber = (text: string) => `strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`;
const badIndex = (index: number) => `Unable to access invalid index: ${index}: invalid index referenced`;

function textOf(operation: Operation, name: 'path' | 'from', what: string): string {
  const value = operation[name];
  if (typeof value !== 'string') throw new PatchError(`${what} operation failed to decode ${name}: missing value`);
  return value;
}

function get(place: Place): { found: boolean; value: unknown; error?: string } {
  const { holder, key } = place;
  if (Array.isArray(holder)) {
    const index = atoi(key);
    if (index === undefined) return { found: false, value: undefined, error: notANumber(key) };
    const at = index < 0 ? index + holder.length : index;
    return at < 0 || at >= holder.length ? { found: false, value: undefined, error: badIndex(index) } : { found: true, value: holder[at] as unknown };
  }
  const object = holder as Record<string, unknown>;
  return Object.hasOwn(object, key) ? { found: true, value: object[key] } : { found: false, value: undefined };
}

function insert({ holder, key }: Place, value: unknown): string | undefined {
  if (!Array.isArray(holder)) {
    (holder as Record<string, unknown>)[key] = value;
    return undefined;
  }
  if (key === '-') {
    holder.push(value);
    return undefined;
  }
  const index = atoi(key);
  if (index === undefined) return `value was not a proper array index: '${key}': ${notANumber(key)}`;
  const at = index < 0 ? index + holder.length + 1 : index;
  if (at < 0 || at > holder.length) return badIndex(index);
  holder.splice(at, 0, value);
  return undefined;
}

function erase({ holder, key }: Place): string | undefined {
  if (!Array.isArray(holder)) {
    if (!Object.hasOwn(holder as object, key)) return `Unable to remove nonexistent key: ${key}: missing value`;
    delete (holder as Record<string, unknown>)[key];
    return undefined;
  }
  const index = atoi(key);
  if (index === undefined) return notANumber(key);
  const at = index < 0 ? index + holder.length : index;
  if (at < 0 || at >= holder.length) return badIndex(index);
  holder.splice(at, 1);
  return undefined;
}

const valueOf = (operation: Operation): unknown => operation['value'] ?? null;

function add(document: Document, operation: Operation): void {
  const path = textOf(operation, 'path', 'add');
  const place = document.find(path);
  if (place.holder === undefined) throw new PatchError(`add operation does not apply: doc is missing path: ${JSON.stringify(path)}: missing value`);
  const wrong = insert(place, valueOf(operation));
  if (wrong !== undefined) throw new PatchError(`error in add for path: '${path}': ${wrong}`);
}

function remove(document: Document, operation: Operation): void {
  const path = textOf(operation, 'path', 'remove');
  const place = document.find(path);
  if (place.holder === undefined) throw new PatchError(`remove operation does not apply: doc is missing path: ${JSON.stringify(path)}: missing value`);
  const wrong = erase(place);
  if (wrong !== undefined) throw new PatchError(`error in remove for path: '${path}': ${wrong}`);
}

function replace(document: Document, operation: Operation): void {
  const path = textOf(operation, 'path', 'replace');
  if (path === '') {
    document.root = valueOf(operation);
    return;
  }
  const place = document.find(path);
  if (place.holder === undefined) throw new PatchError(`replace operation does not apply: doc is missing path: ${path}: missing value`);
  const { found, value: _, error } = get(place);
  if (Array.isArray(place.holder)) {
    if (!found || error !== undefined) throw new PatchError(`replace operation does not apply: doc is missing key: ${path}: missing value`);
    const index = atoi(place.key) as number;
    place.holder[index < 0 ? index + place.holder.length : index] = valueOf(operation);
  } else (place.holder as Record<string, unknown>)[place.key] = valueOf(operation);
}

function test(document: Document, operation: Operation): void {
  const path = textOf(operation, 'path', 'test');
  const failed = new FailedTestError(`testing value ${path} failed: test failed`);
  if (path === '') {
    if (!equalJson(document.root, valueOf(operation))) throw failed;
    return;
  }
  const place = document.find(path);
  if (place.holder === undefined) throw new PatchError(`test operation does not apply: is missing path: ${path}: missing value`);
  const { found, value, error } = get(place);
  if (error !== undefined) throw new PatchError(`error in test for path: '${path}': ${error}`);
  if (!equalJson(found ? value : null, valueOf(operation))) throw failed;
}

function move(document: Document, operation: Operation): void {
  const from = textOf(operation, 'from', 'move');
  const source = document.find(from);
  if (source.holder === undefined) throw new PatchError(`move operation does not apply: doc is missing from path: ${from}: missing value`);
  const { value } = get(source);
  const wrong = erase(source);
  if (wrong !== undefined) throw new PatchError(`error in move for path: '${source.key}': ${wrong}`);
  const path = textOf(operation, 'path', 'move');
  const target = document.find(path);
  if (target.holder === undefined) throw new PatchError(`move operation does not apply: doc is missing destination path: ${path}: missing value`);
  const refused = insert(target, value);
  if (refused !== undefined) throw new PatchError(`error in move for path: '${path}': ${refused}`);
}

function copy(document: Document, operation: Operation): void {
  const from = textOf(operation, 'from', 'copy');
  const source = document.find(from);
  if (source.holder === undefined) throw new PatchError(`copy operation does not apply: doc is missing from path: ${from}: missing value`);
  const { value, error } = get(source);
  if (error !== undefined) throw new PatchError(`error in copy for from: '${from}': ${error}`);
  const path = textOf(operation, 'path', 'copy');
  const target = document.find(path);
  if (target.holder === undefined) throw new PatchError(`copy operation does not apply: doc is missing destination path: ${path}: missing value`);
  const refused = insert(target, value ?? null);
  if (refused !== undefined) throw new PatchError(`error while adding value during copy: ${refused}`);
}

const operations: Readonly<Record<string, (document: Document, operation: Operation) => void>> = { add, remove, replace, test, move, copy };

/** RFC 6902. The result shares what the patch leaves alone; `sortsTouched`: objects that operations went through get their keys in order. Throws PatchError. */
export function applyJsonPatch(document: unknown, patch: unknown, sortsTouched = false): unknown {
  if (patch === null) return document;
  if (!Array.isArray(patch)) throw new PatchError(`json: cannot unmarshal ${kindName(patch)} into Go value of type jsonpatch.Patch`);
  for (const operation of patch) {
    if (!isJsonObject(operation) && operation !== null) throw new PatchError(`json: cannot unmarshal ${kindName(operation)} into Go value of type jsonpatch.Operation`);
  }
  const work = new Document(document);
  for (const operation of patch as readonly Operation[]) {
    const kind = typeof operation['op'] === 'string' ? operation['op'] : 'unknown';
    const run = operations[kind];
    if (!run) throw new PatchError(`Unexpected kind: ${kind}`);
    run(work, operation);
  }
  return sortsTouched ? work.sorted : work.root;
}

function kindName(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  return value instanceof NumberText ? 'number' : typeof value;
}
