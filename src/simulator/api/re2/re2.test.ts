import { expect, test } from 'vitest';
import { answerOf } from '../testdata/answers';
import { compileRe2 } from '.';

test.each([
  ['^a+$', 'aaa', true], ['a.c', 'a\nc', false], ['(?s)a.c', 'a\nc', true], ['(?i)abc', 'ABC', true], ['x(?i:abc)y', 'xABCy', true], ['x(?i:abc)y', 'xABCY', false], ['^b$', 'a\nb', false], ['(?m)^b$', 'a\nb', true],
  ['(?P<n>a)(?<n>b)', 'ab', true], ['[[:alpha:]_]+$', 'ab_', true], ['[^[:^digit:]]$', 'a1', true], ['\\Aab\\z', 'ab', true], ['\\Qa.b\\E', 'a.b', true], ['\\Qa.b\\E', 'axb', false], ['\\pL\\p{Greek}', 'aα', true], ['[\\d\\s]$', 'a ', true],
  ['[]a]', ']', true], ['[a-]', '-', true], ['a{,2}', 'a{,2}', true], ['\\x{1F600}', '😀', true], ['^.$', '😀', true], ['[\\D]', 'a', true],
])('%s on %j', (pattern, text, matches) => {
  expect(compileRe2(pattern).test(text)).toBe(matches);
});

// What a 1.36.3 API server says of each as the pattern of a schema.
test.each([
  ['a(', 'missing closing ): `a(`'], ['(?=a)', 'invalid or unsupported Perl syntax: `(?=`'], ['(?<!a)', 'invalid named capture: `(?<!a)`'], ['*', 'missing argument to repetition operator: `*`'], ['[z-a]', 'invalid character class range: `z-a`'],
  ['a{1001}', 'invalid repeat count: `{1001}`'], ['\\8', 'invalid escape sequence: `\\8`'], ['[a', 'missing closing ]: `[a`'], ['a**', 'invalid nested repetition operator: `**`'], ['\\', 'trailing backslash at end of expression: ``'], ['a)', 'unexpected ): `a)`'],
  ['(?Pa)', 'invalid or unsupported Perl syntax: `(?P`'],
])('%s is refused', (pattern, reason) => {
  expect(answerOf(() => compileRe2(pattern))).toEqual({ error: `error parsing regexp: ${reason}` });
});
