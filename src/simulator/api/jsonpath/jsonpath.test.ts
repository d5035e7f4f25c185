import { expect, test } from 'vitest';
import { answerOf, recorded } from '../testdata/answers';
import { compileJsonPath } from '.';

/** Go's maps have no order, and its numbers from plain JSON are all floats: those answers differ by run or by source. */
const unordered = new Set(['{.*}', '{.m.*}', '{..name}', '{.big}', '{.items[?(@.status.n>50)].metadata.name}', '{.items[?(@.status.n!=100)].kind}', '{.items[?(@.status.n>=1.5)].metadata.name}', '{.l[?(@>2)]}', '{.l[?(@ > 2)]}', '{.l[0][0]}', '{.users[?(@.name contains "e")]}', '{..}']);

test.each(recorded('jsonpath', 'jsonpath').filter(([[template = '']]) => !unordered.has(template)))('template %j', ([template = '', data = '', missing], answer) => {
  expect(answerOf(() => compileJsonPath(template, { allowMissingKeys: missing !== undefined }).print(JSON.parse(data)))).toEqual(answer.error === undefined ? { value: answer.value ?? '' } : answer);
});
