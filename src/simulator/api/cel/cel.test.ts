import { expect, test } from 'vitest';
import { answerOf } from '../testdata/answers';
import { celFromJson, celObjectOf, celTypes, celToJson, compileCel } from '.';

const object = { metadata: { name: 'web', labels: { app: 'web' } }, spec: { replicas: 3, ports: [80, 443], image: 'nginx:1.29', cpu: '500m' }, empty: {} };
const messages = (name: string) => (name.startsWith('Object') ? celObjectOf(name, new Map([['spec', celTypes.dyn], ['replicas', celTypes.int]])) : undefined);
const run = (text: string): unknown => celToJson(compileCel(text, { variables: { object: celTypes.dyn }, messages }).evaluate((name) => (name === 'object' ? celFromJson(object) : undefined)));

test.each([
  ['object.spec.replicas + 1', 4],
  ['object.metadata.name.startsWith("we") && object.spec.replicas > 2', true],
  ['has(object.spec.nope) || has(object.empty)', true],
  ['object.spec.ports.all(p, p > 10)', true],
  ['object.spec.ports.exists(p, p == 443)', true],
  ['object.spec.ports.exists_one(p, p > 100)', true],
  ['object.spec.ports.map(p, p * 2)', [160, 886]],
  ['object.spec.ports.filter(p, p < 100)', [80]],
  ['object.metadata.labels.exists(k, k == "app")', true],
  ['"app" in object.metadata.labels', true],
  ['object.metadata.labels[?"x"].orValue("none")', 'none'],
  ['object.?spec.?nope.hasValue()', false],
  ['object.spec.image.split(":")[1]', '1.29'],
  ['object.spec.image.matches("^nginx:[0-9.]+$")', true],
  ['quantity(object.spec.cpu).isLessThan(quantity("1"))', true],
  ['quantity("1Gi").add(quantity("1Gi")).compareTo(quantity("2Gi")) == 0', true],
  ['isQuantity("x")', false],
  ['size(object.spec.ports) == 2 ? "two" : "other"', 'two'],
  ['1.5 + 2.5', 4],
  ['dyn(1) == 1.0 && dyn(1) != "1"', true],
  ['"a" + "b" + string(1)', 'ab1'],
  ['[1, 2] + [3]', [1, 2, 3]],
  ['{"a": 1}.a', 1],
  ['duration("1h") > duration("30m")', true],
  ['timestamp("2026-01-01T00:00:00Z").getFullYear()', 2026],
  ['ip("10.0.0.1").isLoopback()', false],
  ['cidr("10.0.0.0/8").containsIP("10.2.3.4")', true],
  ['url("https://example.com:80/a?b=c").getPort()', '80'],
  ['sets.contains([1, 2, 3], [2])', true],
  ['[3, 1, 2].max() - [3, 1, 2].min()', 2],
  ['[1, 2, 3].sum()', 6],
  ['"hello %s, %d".format([dyn("you"), dyn(3)])', 'hello you, 3'],
  ['optional.of(3).optMap(x, x + 1).value()', 4],
  ['{"a": 1, "b": 2}.transformList(k, v, k + string(v))', ['a1', 'b2']],
  ['[10, 20].all(i, v, v > i)', true],
  ['!format.dns1123Label().validate("Not_ok").hasValue()', false],
  ['object.spec.nope == 1 || true', true],
  ['type(1) == int', true],
  ['int("42") % 5', 2],
  ['Object{spec: Object.spec{replicas: 1}}', { spec: { replicas: 1 } }],
])('%s', (text, value) => {
  expect(run(text)).toEqual(value);
});

test.each([
  ['object.spec.nope', 'no such key: nope'],
  ['object.spec.ports[5]', 'index out of bounds: 5'],
  ['1 / 0', 'division by zero'],
  ['9223372036854775807 + 1', 'integer overflow'],
  ['object.metadata.name > 1', 'no such overload'],
  ['object.x ==', "compilation failed: ERROR: <input>:1:12: Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}\n | object.x ==\n | ...........^"],
  ['foo == 1', "compilation failed: ERROR: <input>:1:1: undeclared reference to 'foo' (in container '')\n | foo == 1\n | ^"],
  ["'a' + 1 == 'b'", "compilation failed: ERROR: <input>:1:5: found no matching overload for '_+_' applied to '(string, int)'\n | 'a' + 1 == 'b'\n | ....^"],
  ['size(1) == 1', "compilation failed: ERROR: <input>:1:5: found no matching overload for 'size' applied to '(int)'\n | size(1) == 1\n | ....^"],
  ['object.metadata.name.foo()', "compilation failed: ERROR: <input>:1:25: undeclared reference to 'foo' (in container '')\n | object.metadata.name.foo()\n | ........................^"],
  ["[1,2].all(x, x > 'a')", "compilation failed: ERROR: <input>:1:16: found no matching overload for '_>_' applied to '(int, string)'\n | [1,2].all(x, x > 'a')\n | ...............^"],
  ['has(object)', 'compilation failed: ERROR: <input>:1:5: invalid argument to has() macro\n | has(object)\n | ....^'],
  ["'a'.matches('[')", "compilation failed: ERROR: <input>:1:13: invalid matches argument\n | 'a'.matches('[')\n | ............^"],
  ["1 == '1'", "compilation failed: ERROR: <input>:1:3: found no matching overload for '_==_' applied to '(int, string)'\n | 1 == '1'\n | ..^"],
  ["[1,'a'].size() == 2", "compilation failed: ERROR: <input>:1:4: expected type 'int' but found 'string'\n | [1,'a'].size() == 2\n | ...^"],
  ['true true', "compilation failed: ERROR: <input>:1:6: Syntax error: extraneous input 'true' expecting <EOF>\n | true true\n | .....^"],
])('%s fails as the real one does', (text, error) => {
  expect(answerOf(() => run(text))).toEqual({ error });
});

test('an expression that goes on for ever is stopped', () => {
  const long = `[${'0,'.repeat(200)}0]`;
  expect(answerOf(() => run(`${long}.all(a, ${long}.all(b, ${long}.all(c, true)))`))).toEqual({ error: 'operation cancelled: actual cost limit exceeded' });
});
