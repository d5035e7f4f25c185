import { expect, test } from 'vitest';
import { Errors, fieldPath, labelSelectorErrors, quoteText, quoteValue } from '.';

const path = fieldPath('spec').child('containers').index(0).child('resources').child('limits').index('cpu');

test('a path reads as the server writes it', () => {
  expect(path.toString()).toBe('spec.containers[0].resources.limits[cpu]');
});

test('each kind of error has the server’s words', () => {
  const errors = new Errors();
  errors.required(path);
  errors.required(path, 'say it');
  errors.invalid(path, 5, 'must be 1');
  errors.notSupported(path, 'x', ['A', 'B']);
  errors.duplicate(path, 'a');
  errors.forbidden(path, 'not here');
  errors.notFound(path, 'v');
  errors.tooLong(path, 63);
  errors.tooMany(path, 3, 1);
  expect(errors.list.map(({ message }) => message)).toEqual([
    'Required value', 'Required value: say it', 'Invalid value: 5: must be 1', 'Unsupported value: "x": supported values: "A", "B"', 'Duplicate value: "a"', 'Forbidden: not here', 'Not found: "v"',
    'Too long: may not be more than 63 bytes', 'Too many: 3: must have at most 1 item',
  ]);
  expect(new Set(errors.list.map(({ field }) => field))).toEqual(new Set(['spec.containers[0].resources.limits[cpu]']));
});

test('values are shown by their type', () => {
  expect([quoteValue('a"b'), quoteValue(true), quoteValue(-1), quoteValue(undefined), quoteValue([1, 'x'])]).toEqual(['"a\\"b"', 'true', '-1', 'null', '[1,"x"]']);
  expect(quoteValue({ b: '2', a: '1' })).toBe('{"a":"1","b":"2"}');
  expect(quoteValue({ Type: 'x', RollingUpdate: null })).toBe('{"Type":"x","RollingUpdate":null}');
  expect(quoteValue({ a: '<&>' })).toBe('{"a":"\\u003c\\u0026\\u003e"}');
});

test('texts are quoted as Go quotes them', () => {
  expect(quoteText('a\tb\n\x00\x7f')).toBe('"a\\tb\\n\\x00\\x7f"');
  expect(quoteText('한글 ✓')).toBe('"한글 ✓"');
});

test('a selector’s requirements are checked', () => {
  const errors = new Errors();
  labelSelectorErrors({ matchExpressions: [{ key: 'a', operator: 'In' }, { key: 'b', operator: 'Exists', values: ['x'] }, { key: 'c', operator: 'Is' }] }, fieldPath('selector'), errors);
  expect(errors.list.map(({ field, message }) => `${field}: ${message}`)).toEqual([
    "selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
    "selector.matchExpressions[1].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
    'selector.matchExpressions[2].operator: Invalid value: "Is": not a valid selector operator',
  ]);
});
