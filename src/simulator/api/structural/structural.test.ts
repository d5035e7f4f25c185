import { expect, test } from 'vitest';
import { applyStructuralDefaults, pruneStructural, type StructuralSchema, structuralType, validateStructural } from '.';

const int = { type: 'integer' };
const text = { type: 'string' };
const properties: Record<string, StructuralSchema> = {
  i: { type: 'integer', minimum: 1, maximum: 10, multipleOf: 2 },
  ex: { type: 'number', minimum: 1, exclusiveMinimum: true },
  s: { type: 'string', minLength: 2, maxLength: 4 },
  p: { type: 'string', pattern: '^a+$' },
  e: { type: 'string', enum: ['x', 'y'] },
  dt: { type: 'string', format: 'date-time' },
  i32: { type: 'integer', format: 'int32' },
  a: { type: 'array', minItems: 1, maxItems: 2, items: int },
  au: { type: 'array', items: text, 'x-kubernetes-list-type': 'set' },
  am: { type: 'array', items: { type: 'object', properties: { k: text }, required: ['k'] }, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['k'] },
  o: { type: 'object', minProperties: 1, maxProperties: 2, additionalProperties: int },
  r: { type: 'object', required: ['x', 'y'], properties: { x: text, y: text } },
  ios: { 'x-kubernetes-int-or-string': true },
  nn: text,
  n: { type: 'string', nullable: true },
  dn: { type: 'string', nullable: true, default: 'd' },
  dd: { type: 'string', default: 'd' },
  emb: { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true },
  any: { type: 'object', properties: { q: int, w: text }, anyOf: [{ required: ['q'] }, { required: ['w'] }] },
  one: { type: 'object', properties: { q: int, w: text }, oneOf: [{ required: ['q'] }, { required: ['w'] }] },
  not: { type: 'object', properties: { q: int }, not: { required: ['q'] } },
  all: { type: 'object', properties: { q: int }, allOf: [{ properties: { q: { minimum: 5 } } }, { required: ['q'] }] },
};
const plain: StructuralSchema = { type: 'object', properties: { spec: { type: 'object', properties } } };
const object = (spec: unknown) => ({ apiVersion: 'x/v1', kind: 'St', metadata: { name: 'a' }, spec });
const faults = (spec: unknown, schema = plain, old?: unknown) => validateStructural(schema, object(spec), old === undefined ? undefined : object(old)).map((fault) => `${fault.field}: ${fault.message}`);

test.each([
  [{ i: 0 }, ['spec.i: Invalid value: 0: spec.i in body should be greater than or equal to 1']],
  [{ i: 12 }, ['spec.i: Invalid value: 12: spec.i in body should be less than or equal to 10']],
  [{ i: 3 }, ['spec.i: Invalid value: 3: spec.i in body should be a multiple of 2']],
  [{ i: 'x' }, ['spec.i: Invalid value: "string": spec.i in body must be of type integer: "string"']],
  [{ i: 1.5 }, ['spec.i: Invalid value: "number": spec.i in body must be of type integer: "number"', '<nil>: Invalid value: "": Checked value must be of type integer (default format) in spec.i', 'spec.i: Invalid value: 1.5: spec.i in body should be a multiple of 2']],
  [{ ex: 1 }, ['spec.ex: Invalid value: 1: spec.ex in body should be greater than 1']],
  [{ s: 'a' }, ['spec.s: Invalid value: "a": spec.s in body should be at least 2 chars long']],
  [{ s: 'abcde' }, ['spec.s: Too long: may not be more than 4 bytes']],
  [{ p: 'b' }, ["spec.p: Invalid value: \"b\": spec.p in body should match '^a+$'"]],
  [{ e: 1 }, ['spec.e: Invalid value: "integer": spec.e in body must be of type string: "integer"', 'spec.e: Unsupported value: 1: supported values: "x", "y"']],
  [{ dt: 'x' }, ['spec.dt: Invalid value: "x": spec.dt in body must be of type date-time: "x"']],
  [{ i32: 99999999999 }, ['<nil>: Invalid value: "": Checked value must be of type integer with format int32 in spec.i32']],
  [{ a: [] }, ['spec.a: Invalid value: 0: spec.a in body should have at least 1 items']],
  [{ a: [1, 2, 3] }, ['spec.a: Too many: 3: must have at most 2 items']],
  [{ a: ['x'] }, ['spec.a[0]: Invalid value: "string": spec.a[0] in body must be of type integer: "string"']],
  [{ au: ['x', 'x'] }, ['spec.au[1]: Duplicate value: "x"']],
  [{ am: [{ k: 'a' }, { k: 'a' }] }, ['spec.am[1]: Duplicate value: {"k":"a"}']],
  [{ o: {} }, ['spec.o: Invalid value: 0: spec.o in body should have at least 1 properties']],
  [{ o: { a: 'x' } }, ['spec.o.a: Invalid value: "string": spec.o.a in body must be of type integer: "string"']],
  [{ r: {} }, ['spec.r.x: Required value', 'spec.r.y: Required value']],
  [{ ios: true }, ['spec.ios: Invalid value: "boolean": spec.ios in body must be of type integer,string: "boolean"']],
  [{ ios: 'x', n: null }, []],
  [{ emb: {} }, ['spec.emb.apiVersion: Required value', 'spec.emb.kind: Required value']],
  [{ any: {} }, ['<nil>: Invalid value: "": "spec.any" must validate at least one schema (anyOf)', 'spec.any.q: Required value']],
  [{ one: { q: 1, w: 'a' } }, ['<nil>: Invalid value: "": "spec.one" must validate one and only one schema (oneOf). Found 2 valid alternatives']],
  [{ not: { q: 1 } }, ['<nil>: Invalid value: "": "spec.not" must not validate the schema (not)']],
  [{ all: { q: 1 } }, ['spec.all.q: Invalid value: 1: spec.all.q in body should be greater than or equal to 5', '<nil>: Invalid value: "": "spec.all" must validate all the schemas (allOf)']],
  ['x', ['spec: Invalid value: "string": spec in body must be of type object: "string"']],
])('%j', (spec, expected) => {
  expect(faults(spec)).toEqual(expected);
});

test('what did not change is not looked at again', () => {
  expect(faults({ i: 3, s: 'ok' }, plain, { i: 3, s: 'no' })).toEqual([]);
});

test('unknown fields go and are named', () => {
  const unknown: string[] = [];
  expect(pruneStructural(plain, object({ zzz: 1, r: { x: '1', z: 3 }, emb: { any: 1 } }), unknown)).toEqual(object({ r: { x: '1' }, emb: { any: 1 } }));
  expect(unknown).toEqual(['spec.zzz', 'spec.r.z']);
});

test('defaults stand where nothing is; null stays only where it may', () => {
  expect(applyStructuralDefaults(plain, object({ nn: null, dn: null, n: null, dd: null }))).toEqual(object({ dn: null, n: null, dd: 'd' }));
  expect(applyStructuralDefaults(plain, object({}))).toEqual(object({ dn: 'd', dd: 'd' }));
});

const gauge: StructuralSchema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      'x-kubernetes-validations': [{ rule: 'self.min <= self.max', message: 'min must not exceed max' }, { rule: 'self.min > 0', messageExpression: "self.min < 0 ? 'min is negative' : 'min is zero'", reason: 'FieldValueForbidden', fieldPath: '.min' }],
      properties: {
        min: int,
        max: int,
        name: { type: 'string', 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'name is immutable' }] },
        hosts: { type: 'array', items: { type: 'string', 'x-kubernetes-validations': [{ rule: "self.contains('.')" }] } },
      },
    },
  },
};

test('rules', () => {
  expect(faults({ min: 20, max: 10 }, gauge)).toEqual(['spec: Invalid value: min must not exceed max']);
  expect(faults({ min: -1, max: -5 }, gauge)).toEqual(['spec: Invalid value: min must not exceed max', 'spec.min: Forbidden: min is negative']);
  expect(faults({ min: 1, max: 2, hosts: ['a.b', 'nodot'] }, gauge)).toEqual(["spec.hosts[1]: Invalid value: \"nodot\": failed rule: self.contains('.')"]);
  expect(faults({ min: 1, max: 2, name: 'y' }, gauge, { min: 1, max: 2, name: 'x' })).toEqual(['spec.name: Invalid value: "y": name is immutable']);
  expect(faults({ max: 2 }, gauge)[0]).toBe('spec: Invalid value: "object": no such key: min evaluating rule: min must not exceed max');
  expect(faults({ min: 'x' }, gauge)[1]).toContain('some validation rules were not checked');
});

test('a custom resource has a type as built-in kinds do', () => {
  const type = structuralType('x.v1.St', plain);
  expect([...type.fields.keys()]).toEqual(['apiVersion', 'kind', 'metadata', 'spec']);
  expect(type.fields.get('spec')?.object?.fields.get('am')).toMatchObject({ type: 'list', listType: 'map', listMapKeys: ['k'] });
});
