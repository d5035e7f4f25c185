import { expect, test } from 'vitest';
import { goTemplatePrinter } from './go-template';
import { indentedJson } from './json';
import { toKyaml } from './kyaml';
import { sortObjects } from './sort';
import { alignTabs, describeTabs, tableTabs } from './tabs';
import { humanDuration, rfc1123 } from './times';
import { unifiedDiff } from './unified-diff';
import { toYaml } from './yaml';

test('columns take the width of their widest cell, and the last cell none', () => {
  expect(alignTabs('NAME\tREADY\tAGE\nweb-1\t1/1\t5s\n', tableTabs)).toBe('NAME    READY   AGE\nweb-1   1/1     5s\n');
  expect(alignTabs('A\tx\nLonger\ty\nno tab\nB\tz\n', describeTabs)).toBe('A       x\nLonger  y\nno tab\nB  z\n');
});

test('YAML texts are quoted when they would read as something else', () => {
  expect(toYaml({ a10: 'yes', a2: '1', b: '', c: 'a: b', d: "it's: x", e: '2020-01-01', f: 'NaN', g: '~', h: '-', i: 'x\ty', n: ['a', { k: null }], z: {} })).toBe(
    "a2: \"1\"\na10: \"yes\"\nb: \"\"\nc: 'a: b'\nd: 'it''s: x'\ne: \"2020-01-01\"\nf: NaN\ng: \"~\"\nh: '-'\ni: \"x\\ty\"\n\"n\":\n- a\n- k: null\nz: {}\n",
  );
});

test('YAML texts of several lines are literal, unless a line ends with a space; long ones are folded after column 80', () => {
  expect(toYaml({ a: 'x\ny\n', b: ' x\ny', c: 'x \ny' })).toBe('a: |\n  x\n  y\nb: |2-\n   x\n  y\nc: "x \\ny"\n');
  const long = 'this is a very long line that goes on and on and on until it is much longer than eighty columns, really';
  expect(toYaml({ data: { e1: long } })).toBe('data:\n  e1: this is a very long line that goes on and on and on until it is much longer\n    than eighty columns, really\n');
});

test('JSON is indented by four and escapes what HTML minds', () => {
  expect(indentedJson({ b: '<&>', a: [], c: {} })).toBe('{\n    "a": [],\n    "b": "\\u003c\\u0026\\u003e",\n    "c": {}\n}');
});

test('KYAML quotes every text', () => {
  expect(toKyaml({ a: 'x', no: [{ b: 1 }] })).toBe('---\n{\n  a: "x",\n  "no": [{\n    b: 1,\n  }],\n}\n');
});

const template = (text: string, data: Readonly<Record<string, unknown>>) => {
  let out = '';
  goTemplatePrinter((part) => (out += part), text, true)(data);
  return out;
};

test('Go templates range, decide, trim and call', () => {
  const data = { items: [{ n: 'a', v: 1 }, { n: 'b', v: 2 }], map: { y: 2, x: 1 } };
  expect(template('{{range $i, $e := .items}}{{if $i}},{{end}}{{$e.n}}={{.v}}{{end}}', data)).toBe('a=1,b=2');
  expect(template('{{range $k, $v := .map}}{{$k}}{{$v}} {{- end}}', data)).toBe('x1y2');
  expect(template('{{with .nothing}}x{{else}}none{{end}} {{len .items}} {{index .items 1 "n"}} {{printf "%s-%03d" "a" 7}}', data)).toBe('none 2 b a-007');
  expect(template('{{define "t"}}<{{.}}>{{end}}{{template "t" .map.x}} {{.missing}} {{"aGk=" | base64decode}}', data)).toBe('<1> <no value> hi');
  expect(() => template('{{.a', data)).toThrow('error parsing template {{.a, template: output:1: unclosed action');
  expect(() => template('{{nope .}}', data)).toThrow('function "nope" not defined');
});

test('rows are sorted by numbers, quantities and names; those without the field come first', () => {
  const rows = [{ s: '10Mi' }, { s: '1Gi' }, {}, { s: '2Ki' }];
  expect(sortObjects(rows, '.s', (row) => row)?.map(({ s }) => s)).toEqual([undefined, '2Ki', '10Mi', '1Gi']);
  expect(sortObjects(rows, '.nope', (row) => row)).toBeUndefined();
});

test('ages are short', () => {
  expect([5, 119, 125, 600, 3 * 3600 - 1, 5 * 3600, 47 * 3600, 3 * 86_400 + 3600, 100 * 86_400, 800 * 86_400].map(humanDuration)).toEqual(['5s', '119s', '2m5s', '10m', '179m', '5h', '47h', '3d1h', '100d', '2y70d']);
  expect(rfc1123(0)).toBe('Thu, 01 Jan 1970 00:00:00 +0000');
});

test('a difference has three lines around it', () => {
  expect(unifiedDiff('1\n2\n3\n4\n5\n6\n', '1\n2\n3\n4\nfive\n6\n')).toBe('@@ -2,5 +2,5 @@\n 2\n 3\n 4\n-5\n+five\n 6\n');
  expect(unifiedDiff('', 'a\n')).toBe('@@ -0,0 +1 @@\n+a\n');
  expect(unifiedDiff('a\n', 'a\n')).toBe('');
});
