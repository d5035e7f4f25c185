import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { parity } from './parity';
import { tidy } from './tidy';

const root = path.resolve(import.meta.dirname, '../..');
const planted: string[] = [];

/** Puts a file where it does not belong, until the test is over. */
function plant(name: string, text: string): string {
  const file = path.join(root, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  planted.push(file);
  return file;
}

afterEach(() => {
  for (const file of planted.splice(0)) rmSync(file, { force: true });
});

const run = (command: string, args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(path.join(root, 'node_modules/.bin', command), args, { cwd: root, encoding: 'utf8' });
  return { status, output: stdout + stderr };
};

test.each([
  ['Date.now()', 'no-restricted-globals'],
  ['Math.random()', 'no-restricted-properties'],
  ['setTimeout(() => undefined, 1)', 'no-restricted-globals'],
  ['fetch("/")', 'no-restricted-globals'],
  ['crypto.randomUUID()', 'no-restricted-globals'],
  ['Promise.resolve(1)', 'no-restricted-globals'],
  ['(async () => 1)()', 'no-restricted-syntax'],
  ['eval("1")', 'no-eval'],
])('the linter refuses %s in the simulator', (expression, rule) => {
  const file = plant('src/simulator/kernel/planted.ts', `/** Planted. */\nexport const planted = (): unknown => ${expression};\n`);
  const { status, output } = run('eslint', [file]);
  expect(status).toBe(1);
  expect(output).toContain(rule);
});

test('the compiler knows neither the page nor Node in the simulator', () => {
  plant('src/simulator/kernel/planted.ts', 'export const planted = [document, process.env];\n');
  const { status, output } = run('tsc', ['-p', 'src/simulator', '--noEmit', '--composite', 'false', '--incremental', 'false', '--emitDeclarationOnly', 'false']);
  expect(status).not.toBe(0);
  expect(output).toContain("Cannot find name 'document'");
  expect(output).toContain("Cannot find name 'process'");
}, 120_000);

test.each([
  ['src/simulator/kernel/planted.ts', "export { resources } from '../client';\n", 'kernel-imports'],
  ['src/simulator/scheduler/planted.ts', "export type { Program } from '../runtime';\n", 'scheduler-imports'],
  ['src/simulator/client/planted.ts', "export { apiVersionOf } from '../api/object';\n", 'public-face-only'],
  ['src/simulator/api/planted.ts', "export { readFileSync } from 'node:fs';\n", 'api-imports'],
  ['src/grading/planted.ts', "export { Kubelet } from '../simulator/kubelet';\n", 'grading-imports'],
])('an import that the table does not allow is refused: %s', (name, text, rule) => {
  const file = plant(name, text);
  const { status, output } = run('depcruise', [path.relative(root, file), '--no-cache']);
  expect(status).not.toBe(0);
  expect(output).toContain(rule);
}, 60_000);

test('an import cycle is refused', () => {
  plant('src/simulator/kernel/planted-a.ts', "import { b } from './planted-b';\nexport const a = (): number => b();\n");
  plant('src/simulator/kernel/planted-b.ts', "import { a } from './planted-a';\nexport const b = (): number => a();\n");
  const { status, output } = run('depcruise', ['src/simulator/kernel', '--no-cache']);
  expect(status).not.toBe(0);
  expect(output).toContain('no-cycles');
}, 60_000);

/** A little project of its own for the rules that read a tree. */
function project(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'tidy-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

test('long files, long functions, empty names and folders without a README are found', () => {
  const long = `export function f(): void {\n${'  void 0;\n'.repeat(80)}}\n`;
  const found = tidy({ root: project({ 'src/simulator/part/a.ts': 'export {};\n'.repeat(501), 'src/simulator/part/b.ts': long, 'src/utils/c.ts': '' }) });
  expect(found.join('\n')).toContain('src/simulator/part/a.ts: 501 lines (at most 500)');
  expect(found.join('\n')).toContain('b.ts:1: a function of 82 lines');
  expect(found.join('\n')).toContain('src/utils: a name that says nothing');
  expect(found.join('\n')).toContain('src/simulator/part: no README.md');
});

test('a language that lacks a text, a heading, a code block or a component is found', () => {
  const english = 'i18n/en/docusaurus-plugin-content-docs/current';
  const one = (ko: string, en: string) => parity(project({ 'docs/a.mdx': ko, [`${english}/a.mdx`]: en }));
  expect(one('# 가 {/* #a */}\n글', '# A {/* #a */}\ntext')).toEqual([]);
  expect(one('# 가\n## 나', '# A')).toHaveLength(1);
  expect(one('# 가\n```yaml\na: 1\n```', '# A\n```sh\nls\n```')).toHaveLength(1);
  expect(one('# 가\n<Lab id="x" />', '# A')).toHaveLength(1);
  expect(parity(project({ 'docs/b.mdx': '# 가' }))).toEqual(['docs/b.mdx: no English text']);
});
