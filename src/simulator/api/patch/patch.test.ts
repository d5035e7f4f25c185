import { expect, test } from 'vitest';
import { typeForKind } from '../catalog';
import { encodeAny } from '../decode';
import { parseJson } from '../json';
import { answerOf, recorded } from '../testdata/answers';
import { applyJsonPatch, applyMergePatch, applyStrategicPatch, createThreeWayPatch, createTwoWayPatch, type JsonObject } from '.';

const typeOf = (kind: string) => {
  const type = typeForKind({ group: kind === 'Deployment' ? 'apps' : '', version: 'v1', kind });
  if (!type) throw new Error(kind);
  return type;
};
const read = (text: string | undefined) => parseJson(text ?? '').value as JsonObject;
const sorted = (value: unknown) => encodeAny(value);
const expected = (answer: { value?: unknown; error?: string }) => (answer.error === undefined ? { value: sorted(JSON.parse(answer.value as string)) } : { error: answer.error });

test.each(recorded('patches', 'jsonpatch').filter(([[, patch]]) => !patch?.includes('1.0')))('JSON patch %j', ([document, patch], answer) => {
  expect(answerOf(() => sorted(applyJsonPatch(read(document), read(patch))))).toEqual(expected(answer));
});

test.each(recorded('patches', 'mergepatch'))('merge patch %j', ([document, patch], answer) => {
  expect(answerOf(() => sorted(applyMergePatch(read(document), read(patch))))).toEqual(expected(answer));
});

test.each(recorded('patches', 'strategic'))('strategic merge patch %j', ([kind = '', document, patch], answer) => {
  expect(answerOf(() => sorted(applyStrategicPatch(typeOf(kind), read(document), read(patch))))).toEqual(expected(answer));
});

test.each(recorded('patches', 'twoway'))('strategic difference %j', ([kind = '', original, modified], answer) => {
  expect(answerOf(() => sorted(createTwoWayPatch(typeOf(kind), read(original), read(modified))))).toEqual(expected(answer));
});

test.each(recorded('patches', 'threeway').filter(([args]) => args[4] === 'true'))('three-way difference %j', ([kind = '', original, modified, current], answer) => {
  expect(answerOf(() => sorted(createThreeWayPatch(typeOf(kind), read(original), read(modified), read(current))))).toEqual(expected(answer));
});
