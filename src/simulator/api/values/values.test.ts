import { expect, test } from 'vitest';
import { answerOf, recorded } from '../testdata/answers';
import { formatDurationNanoseconds, parseDurationNanoseconds } from '../duration';
import { formatCidr, formatIp, networkAddress, networkContains, parseCidr, parseIp, scaledValue, timeError } from '.';

test.each(recorded('values', 'duration'))('duration %j', ([text = ''], answer) => {
  expect(answerOf(() => {
    const value = parseDurationNanoseconds(text);
    return [formatDurationNanoseconds(value), value.toString()];
  })).toEqual(answer);
});

test.each(recorded('values', 'time'))('time %j', ([layout = '', text = ''], answer) => {
  expect(timeError(text, layout.includes('000000') ? 'microTime' : 'time')).toBe(answer.error);
});

test('percentages round as asked', () => {
  expect(scaledValue('25%', 10, true)).toBe(3);
  expect(scaledValue('25%', 10, false)).toBe(2);
  expect(scaledValue(4, 10, true)).toBe(4);
  expect(() => scaledValue('x', 10, true)).toThrow('invalid value for IntOrString');
});

test('addresses and networks', () => {
  expect(parseIp('10.0.0.01')).toBeUndefined();
  expect(formatIp(parseIp('2001:db8:0:0:1::1') ?? { family: 4, bits: 0n })).toBe('2001:db8::1:0:0:1');
  const network = parseCidr('10.244.1.7/24');
  expect(network && formatIp(networkAddress(network))).toBe('10.244.1.0');
  expect(network && networkContains(network, parseIp('10.244.1.255') as never)).toBe(true);
  expect(network && networkContains(network, parseIp('10.244.2.0') as never)).toBe(false);
  expect(network && formatCidr(network)).toBe('10.244.1.7/24');
});
