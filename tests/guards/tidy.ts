import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** What breaks the house rules in a tree: one line each, as file:line: what. */
export interface TidyOptions {
  readonly root: string;
  readonly maxLines?: number;
  readonly maxFunctionLines?: number;
}

const forbiddenNames = /^(utils?|helpers?|common|misc)(\.tsx?)?$/;
const codeFile = /\.(ts|tsx)$/;
const skipped = new Set(['node_modules', 'build', '.docusaurus', 'generated', '.git', 'static', 'oracle']);

function* walk(folder: string): Generator<string> {
  for (const name of readdirSync(folder).sort()) {
    if (skipped.has(name)) continue;
    const file = path.join(folder, name);
    yield file;
    if (statSync(file).isDirectory()) yield* walk(file);
  }
}

function functionLengths(file: string, text: string, limit: number): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS);
  const found: string[] = [];
  const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line + 1;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body) {
      const length = lineOf(node.getEnd()) - lineOf(node.getStart()) + 1;
      if (length > limit) found.push(`${file}:${lineOf(node.getStart())}: a function of ${length} lines (at most ${limit})`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** All violations below the folders of the project that hold code. */
export function tidy({ root, maxLines = 500, maxFunctionLines = 70 }: TidyOptions): string[] {
  const out: string[] = [];
  for (const top of ['src', 'labs', 'tests', 'tools']) {
    const folder = path.join(root, top);
    if (!existsSync(folder)) continue;
    for (const file of walk(folder)) {
      const name = path.relative(root, file);
      if (forbiddenNames.test(path.basename(file))) out.push(`${name}: a name that says nothing`);
      if (!codeFile.test(file)) continue;
      const text = readFileSync(file, 'utf8');
      const lines = text.split('\n').length - 1;
      if (lines > maxLines) out.push(`${name}: ${lines} lines (at most ${maxLines})`);
      if (!/\.test\.tsx?$/.test(file)) out.push(...functionLengths(name, text, maxFunctionLines));
    }
  }
  const simulator = path.join(root, 'src/simulator');
  for (const part of existsSync(simulator) ? readdirSync(simulator) : []) {
    const folder = path.join(simulator, part);
    if (statSync(folder).isDirectory() && readdirSync(folder).length > 0 && !existsSync(path.join(folder, 'README.md'))) out.push(`src/simulator/${part}: no README.md`);
  }
  return out;
}
