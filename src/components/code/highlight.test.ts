import { expect, test } from 'vitest';
import { linesOf } from './highlight';

test('tokens are cut at line ends and keep the types around them', () => {
  const lines = linesOf(['a: ', { type: 'string', content: ['x\n', { type: 'variable', content: '$y' }] }, '\n\nend']);
  expect(lines.map((line) => line.map(({ content }) => content))).toEqual([['a: ', 'x'], ['$y'], ['\n'], ['end']]);
  expect(lines[1]?.[0]?.types).toEqual(['string', 'variable']);
  expect(lines[2]?.[0]).toMatchObject({ types: ['plain'], empty: true });
});
