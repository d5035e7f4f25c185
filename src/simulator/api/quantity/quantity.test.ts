import { expect, test } from 'vitest';
import { answerOf, recorded } from '../testdata/answers';
import { parseQuantity } from '.';

test.each(recorded('quantity', 'quantity'))('reads and writes %j as the real one', ([text = ''], answer) => {
  const real = answer.value as { string: string; value: string; milli: string } | undefined;
  const expected = real ? { value: JSON.parse(real.string) as unknown } : { error: answer.error };
  expect(answerOf(() => parseQuantity(text).toString())).toEqual(expected);
});

test.each(recorded('quantity', 'add'))('adds, subtracts and compares %j', ([left = '', right = ''], answer) => {
  const [a, b] = [parseQuantity(left), parseQuantity(right)];
  expect({ value: [a.add(b).toString(), a.subtract(b).toString(), a.compare(b)] }).toEqual(answer);
});

test('rounds up to whole units and thousandths', () => {
  expect(parseQuantity('1500m').value()).toBe(2);
  expect(parseQuantity('0.0005').milliValue()).toBe(1);
  expect(parseQuantity('1.5Gi').toNumber()).toBe(1_610_612_736);
  expect(parseQuantity('0.0005').roundedUp(1_000_000n).toString()).toBe('1m');
});
