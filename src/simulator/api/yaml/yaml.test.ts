import { expect, test } from 'vitest';
import { encodeAny } from '../decode';
import { plainJson } from '../json';
import { answerOf, recorded } from '../testdata/answers';
import { parseYaml } from '.';

test.each(recorded('yaml', 'yaml'))('%j', ([text = ''], answer) => {
  const expected = answer.error === undefined ? { value: encodeAny(JSON.parse(answer.value as string)) } : answer;
  expect(answerOf(() => encodeAny(plainJson(parseYaml(text))))).toEqual(expected);
});
