import { expect, test } from 'vitest';
import { parseProgress } from './store';

test('progress of this course is read back as it was written', () => {
  const progress = { version: 1, labs: { 'patterns/ambassador': { files: { 'app.yaml': 'kind: Pod\n' }, hints: 2, stampedAt: '2026-02-03T04:05:06.000Z' } } };
  expect(parseProgress(JSON.stringify(progress))).toEqual(progress);
});

test('what a newer course added is left out, and what is broken is dropped', () => {
  expect(parseProgress(JSON.stringify({ version: 1, labs: { a: { files: { x: 1, y: 'z' }, hints: -1, stampedAt: 'never', medal: true }, b: 'nothing' } }))).toEqual({ version: 1, labs: { a: { files: { y: 'z' } } } });
});

test('anything else is no progress', () => {
  for (const text of ['', '[]', '{"version":2,"labs":{}}', '{"version":1}', 'null']) expect(parseProgress(text)).toBeUndefined();
});
