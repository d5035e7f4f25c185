import { isJsonObject, type JsonObject } from '../patch';
import { pathText } from './field-set';
import { deduced, itemElement, type Shape } from './shape';

type ListShape = Shape & { readonly kind: 'list' };

/** What an item says that has none of its list's keys. */
export const keylessFault = ({ keys }: ListShape): string => `associative list with keys has an element that omits all key fields [${keys.map((key) => JSON.stringify(key)).join(' ')}] (and doesn't have default values for any key fields)`;

/** Where values of a struct may have such items: few fields of few types. */
const places = new WeakMap<Shape, ReadonlyMap<string, Shape>>();

function placesOf(shape: Shape & { readonly kind: 'struct' }): ReadonlyMap<string, Shape> {
  let known = places.get(shape);
  if (known === undefined) {
    const found = new Map<string, Shape>();
    places.set(shape, (known = found));
    for (const name of shape.names()) {
      const inner = shape.field(name);
      if (inner && mayHave(inner, [shape])) found.set(name, inner);
    }
  }
  return known;
}

/** `within`: the structs around it; what comes round to one of them is taken to have what they have. */
function mayHave(shape: Shape, within: readonly Shape[]): boolean {
  if (shape === deduced) return false;
  switch (shape.kind) {
    case 'list': return true;
    case 'map': return mayHave(shape.element(), within);
    case 'struct': {
      if (within.includes(shape)) return true;
      const inside = [...within, shape];
      for (const name of shape.names()) {
        const inner = shape.field(name);
        if (inner && mayHave(inner, inside)) return true;
      }
      return false;
    }
    default: return false;
  }
}

interface Fault {
  /** Innermost first. */
  readonly path: string[];
  readonly message: string;
}

/** Notes where a fault was found, on the way out. */
function at(element: string, fault: Fault): Fault {
  fault.path.push(element);
  return fault;
}

function find(shape: Shape, value: unknown): Fault | undefined {
  if (typeof value !== 'object' || value === null || shape === deduced) return undefined;
  switch (shape.kind) {
    case 'list': return Array.isArray(value) ? findInList(shape, value) : undefined;
    case 'map': {
      const element = shape.element();
      for (const key in value) {
        const fault = find(element, (value as JsonObject)[key]);
        if (fault) return at(`f:${key}`, fault);
      }
      return undefined;
    }
    case 'struct': {
      const of = placesOf(shape);
      if (of.size === 0) return undefined;
      for (const key in value) {
        const inner = of.get(key);
        const fault = inner && find(inner, (value as JsonObject)[key]);
        if (fault) return at(`f:${key}`, fault);
      }
      return undefined;
    }
    default: return undefined;
  }
}

function lacksKeys({ keys, defaults }: ListShape, item: unknown): boolean {
  for (const key of keys) if (((isJsonObject(item) ? item[key] : undefined) ?? defaults[key]) !== undefined) return false;
  return true;
}

function findInList(shape: ListShape, items: readonly unknown[]): Fault | undefined {
  const element = shape.element();
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    if (lacksKeys(shape, item)) return { path: [], message: `element ${index}: ${keylessFault(shape)}` };
    const fault = find(element, item);
    if (fault) return at(itemElement(shape, item), fault);
  }
  return undefined;
}

/** The first list item without any of its keys: an object that has one has no owners that could be told apart. */
export function keylessItem(shape: Shape, value: unknown): string | undefined {
  const fault = find(shape, value);
  return fault && `${pathText(fault.path.reverse())}: ${fault.message}`;
}
