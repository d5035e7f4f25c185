import { expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { inKorean } from './yaml-messages';

/** Manifests that learners write by mistake. */
const mistakes = [
  'name: "web\n', "name: 'web\n", 'command: [sh, -c\n', 'emptyDir: {\n', 'spec:\n\tname: web\n', 'a: 1\na: 2\n', 'image: nginx:1.27: x\n', 'a:\n  b: 1\n   c: 2\n', 'a:\n  b: 1\n c: 2\n',
  'list:\n- a\n  - b: 1\n c\n', 'name web\nkind: Pod\n', 'a: @x\n', 'a: |x\n  text\n', 'a: *b\n', 'a: {b: 1 c: 2}\n', 'a: "\\q"\n', 'a: [1, 2]]\n', 'a: }\n', 'a:\n- b\nc\n', 'a: `b`\n', 'a: %b\n', 'key: [a,\nb]\n', '- a\n b: c\n', 'a: "b" c\n',
];

test.each(mistakes)('what the checker says of %j is said in Korean', (text) => {
  const { errors } = parseDocument(text, { version: '1.1', prettyErrors: false });
  for (const { message } of errors) expect(inKorean(message)).toMatch(/[가-힣]/);
});

test('the schema\'s messages keep the names that they speak of', () => {
  expect(inKorean('Property imagee is not allowed.')).toBe('이 자리에 없는 필드입니다: imagee');
  expect(inKorean('Missing property "image".')).toBe('필수 필드가 없습니다: image');
  expect(inKorean('Value is not accepted. Valid values: "Always", "Never".')).toBe('쓸 수 없는 값입니다. 쓸 수 있는 값: "Always", "Never"');
});

test('what is not known stays as it is', () => expect(inKorean('Something else')).toBe('Something else'));
