import { type FieldSchema, type TypeSchema } from '../../simulator/api';

/** Seeded chance: mulberry32. */
export class Chance {
  constructor(private state: number) {}

  /** From 0 on, below 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  happens(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() * list.length)] as T;
  }
}

const words = ['web', 'a', 'app', 'x-1', 'Web', '', 'a_b', '-a', 'example.com/name', 'a'.repeat(64), '1st', 'a.b', 'http', '10.0.0.1', '/tmp', 'None'];
const numbers = [0, 1, 2, 3, 10, 80, 8080, 65535, 65536, -1, 100, 30000, 2147483648];
const quantities = ['1', '100m', '1Gi', '0', '-1', '1.5', 'x', '64Mi', '1e3', '0.0001'];

/** Values of a type that the field does not have. */
const wrong: readonly unknown[] = ['text', 7, true, null, [], {}, ['a'], { a: 1 }, 1.5];

/** Makes values that mostly fit their field's schema. */
export class Generator {
  constructor(private readonly chance: Chance, private readonly mistakes: number) {}

  object(type: TypeSchema, depth = 0): Record<string, unknown> {
    const made: Record<string, unknown> = {};
    for (const field of type.fields.values()) {
      if (field.name === 'status' || (depth === 0 && ['apiVersion', 'kind', 'metadata'].includes(field.name))) continue;
      const likely = field.required ? 0.93 : depth === 0 ? 0.8 : depth < 3 ? 0.3 : 0.12;
      if (depth < 7 && this.chance.happens(likely)) made[field.name] = this.value(field, depth);
    }
    if (this.chance.happens(this.mistakes)) made[this.chance.pick(['bogus', 'Name', 'extra'])] = this.chance.pick(wrong);
    return made;
  }

  private value(field: FieldSchema, depth: number): unknown {
    const { chance } = this;
    if (chance.happens(this.mistakes)) return chance.pick(wrong);
    if (field.enum && !chance.happens(0.1)) return chance.pick(field.enum);
    switch (field.type) {
      case 'string': return chance.pick(words);
      case 'boolean': return chance.happens(0.5);
      case 'integer': return chance.pick(numbers);
      case 'number': return chance.pick([0, 1.5, -2]);
      case 'quantity': return chance.pick(quantities);
      case 'intOrString': return chance.pick([...numbers, '25%', 'http', '101%']);
      case 'bytes': return chance.pick(['YQ==', '', '!']);
      case 'time': case 'microTime': return '2026-01-01T00:00:00Z';
      case 'duration': return '5m0s';
      case 'json': return chance.pick(wrong);
      case 'object': return field.object ? this.object(field.object, depth + 1) : {};
      case 'list': return Array.from({ length: chance.pick([0, 1, 1, 1, 2]) }, () => (field.element ? this.value(field.element, depth + 1) : null));
      case 'map': return Object.fromEntries(Array.from({ length: chance.pick([0, 1, 1, 2]) }, () => [chance.pick(words), field.element ? this.value(field.element, depth + 1) : null]));
    }
  }
}

/** Everything that the value with one part of it left out can be: for making a failing one smaller. */
export function* smaller(value: unknown): IterableIterator<unknown> {
  if (Array.isArray(value)) {
    for (const index of value.keys()) {
      yield value.filter((_, at) => at !== index);
      for (const part of smaller(value[index])) yield value.map((one: unknown, at) => (at === index ? part : one));
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, one] of Object.entries(value)) {
      yield Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
      for (const part of smaller(one)) yield { ...value, [key]: part };
    }
  }
}
