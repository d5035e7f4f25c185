import { type Task, utf8Decode } from '../../kernel';
import { SystemError } from '../interface';
import type { Executable } from '../process/program';
import type { SystemCalls } from '../process/system';
import { because, type Options, readAll, task } from './tool';

interface Edit {
  readonly kind: ' ' | '-' | '+';
  readonly line: string;
}

/** The shortest edit between two lists of lines (Myers's greedy algorithm). */
export function edits(a: readonly string[], b: readonly string[]): Edit[] {
  let prefix = 0;
  while (prefix < a.length && prefix < b.length && a[prefix] === b[prefix]) prefix += 1;
  let suffix = 0;
  while (suffix < a.length - prefix && suffix < b.length - prefix && a[a.length - 1 - suffix] === b[b.length - 1 - suffix]) suffix += 1;
  const left = a.slice(prefix, a.length - suffix);
  const right = b.slice(prefix, b.length - suffix);
  const same = (lines: readonly string[]): Edit[] => lines.map((line) => ({ kind: ' ', line }));
  return [...same(a.slice(0, prefix)), ...middle(left, right), ...same(a.slice(a.length - suffix))];
}

function middle(a: readonly string[], b: readonly string[]): Edit[] {
  const most = a.length + b.length;
  const furthest = new Map<number, number>([[1, 0]]);
  const trace: Map<number, number>[] = [];
  for (let d = 0; d <= most; d++) {
    trace.push(new Map(furthest));
    for (let k = -d; k <= d; k += 2) {
      let x = k === -d || (k !== d && (furthest.get(k - 1) ?? -1) < (furthest.get(k + 1) ?? -1)) ? (furthest.get(k + 1) ?? 0) : (furthest.get(k - 1) ?? 0) + 1;
      let y = x - k;
      while (x < a.length && y < b.length && a[x] === b[y]) {
        x += 1;
        y += 1;
      }
      furthest.set(k, x);
      if (x >= a.length && y >= b.length) return backtrack(a, b, trace, d);
    }
  }
  return [];
}

function backtrack(a: readonly string[], b: readonly string[], trace: readonly Map<number, number>[], depth: number): Edit[] {
  const out: Edit[] = [];
  let x = a.length;
  let y = b.length;
  for (let d = depth; d > 0; d--) {
    const v = trace[d] as Map<number, number>;
    const k = x - y;
    const down = k === -d || (k !== d && (v.get(k - 1) ?? -1) < (v.get(k + 1) ?? -1));
    const previous = down ? k + 1 : k - 1;
    const fromX = v.get(previous) ?? 0;
    const fromY = fromX - previous;
    while (x > fromX && y > fromY) {
      out.push({ kind: ' ', line: a[x - 1] as string });
      x -= 1;
      y -= 1;
    }
    if (x === fromX) out.push({ kind: '+', line: b[(y -= 1)] as string });
    else out.push({ kind: '-', line: a[(x -= 1)] as string });
  }
  while (x > 0) out.push({ kind: ' ', line: a[(x -= 1)] as string });
  return out.reverse();
}

/** A unified diff's hunks. */
function hunks(list: readonly Edit[], context: number, mark: (edit: Edit, index: number) => string): string {
  let out = '';
  const changed = list.flatMap((edit, index) => (edit.kind === ' ' ? [] : [index]));
  for (let i = 0; i < changed.length; ) {
    let last = i;
    while (last + 1 < changed.length && (changed[last + 1] as number) - (changed[last] as number) <= context * 2 + 1) last += 1;
    const from = Math.max(0, (changed[i] as number) - context);
    const to = Math.min(list.length, (changed[last] as number) + context + 1);
    const before = list.slice(0, from);
    const body = list.slice(from, to);
    const count = (edits: readonly Edit[], not: string) => edits.filter(({ kind }) => kind !== not).length;
    const range = (start: number, length: number) => (length === 1 ? String(start + 1) : `${length === 0 ? start : start + 1},${length}`);
    out += `@@ -${range(count(before, '+'), count(body, '+'))} +${range(count(before, '-'), count(body, '-'))} @@\n`;
    out += body.map((edit, index) => `${edit.kind}${edit.line}\n${mark(edit, from + index)}`).join('');
    i = last + 1;
  }
  return out;
}

function* content(system: SystemCalls, path: string): Task<Uint8Array> {
  return path === '-' ? yield* readAll(system.stdin) : system.files.readFile(path);
}

const linesOf = (text: string): string[] => {
  const lines = text.split('\n');
  if (lines[lines.length - 1] === '') lines.pop();
  return lines;
};

function* diffFiles(system: SystemCalls, from: string, to: string, options: Options): Task<number> {
  const [a, b] = [utf8Decode(yield* content(system, from)), utf8Decode(yield* content(system, to))];
  const fold = (line: string) => {
    let text = line;
    if (options.has('b')) text = text.replace(/\s+/g, ' ').trimEnd();
    if (options.has('w')) text = text.replace(/\s+/g, '');
    return options.has('i') ? text.toLowerCase() : text;
  };
  let [left, right] = [linesOf(a), linesOf(b)];
  if (options.has('B')) [left, right] = [left.filter((line) => line !== ''), right.filter((line) => line !== '')];
  if (a === b || left.map(fold).join('\n') === right.map(fold).join('\n')) {
    if (a === b || options.has('b') || options.has('w') || options.has('i') || options.has('B')) {
      if (options.has('s')) yield* system.stdout.write(`Files ${from} and ${to} are identical\n`);
      return 0;
    }
  }
  if (options.has('q')) {
    yield* system.stdout.write(`Files ${from} and ${to} differ\n`);
    return 1;
  }
  if (a.includes('\0') || b.includes('\0')) {
    yield* system.stdout.write(`Binary files ${from} and ${to} differ\n`);
    return 1;
  }
  const missing = (text: string) => text !== '' && !text.endsWith('\n');
  const list = edits(missing(a) ? [...left.slice(0, -1), `${left[left.length - 1] as string}\n\\ No newline at end of file`] : left, missing(b) ? [...right.slice(0, -1), `${right[right.length - 1] as string}\n\\ No newline at end of file`] : right);
  const [nameA, nameB] = [options.values('L')[0] ?? from, options.values('L')[1] ?? to];
  yield* system.stdout.write(`--- ${nameA}\n+++ ${nameB}\n${hunks(list, options.number('U', 3), () => '')}`);
  return 1;
}

function* diffFolders(system: SystemCalls, from: string, to: string, options: Options): Task<number> {
  const names = [...new Set([...system.files.list(from), ...system.files.list(to)])].sort();
  let status = 0;
  for (const name of names) {
    const [a, b] = [`${from}/${name}`, `${to}/${name}`];
    const [inA, inB] = [system.files.exists(a), system.files.exists(b)];
    if (!inA || !inB) {
      if (!options.has('N')) yield* system.stdout.write(`Only in ${inA ? from : to}: ${name}\n`);
      status = 1;
    } else if (system.files.status(a).type === 'folder') {
      if (options.has('r')) status = Math.max(status, yield* diffFolders(system, a, b, options));
    } else {
      const result = yield* diffFiles(system, a, b, options);
      status = Math.max(status, result);
    }
  }
  return status;
}

const diff = task({ letters: 'abdiL:NqrsS:tTU:wBu', long: { recursive: 'r', brief: 'q' }, least: 2 }, function* (system, options) {
  let [from = '', to = ''] = options.words;
  try {
    const folder = (path: string) => path !== '-' && system.files.status(path).type === 'folder';
    const [a, b] = [folder(from), folder(to)];
    if (a && b) return yield* diffFolders(system, from, to, options);
    if (a) from = `${from.replace(/\/$/, '')}/${to.replace(/^.*\//, '')}`;
    if (b) to = `${to.replace(/\/$/, '')}/${from.replace(/^.*\//, '')}`;
    return yield* diffFiles(system, from, to, options);
  } catch (error) {
    if (!(error instanceof SystemError) || error.code === 'EPIPE') throw error;
    yield* system.stderr.write(`diff: can't stat '${error.path ?? from}': ${because(error)}\n`);
    return 2;
  }
});

const cmp = task({ letters: 'lsn:', least: 1 }, function* (system, options) {
  const [from = '-', to = '-'] = options.words;
  const inputs: Uint8Array[] = [];
  for (const path of [from, to]) {
    try {
      inputs.push(yield* content(system, path));
    } catch (error) {
      yield* system.stderr.write(`cmp: ${path}: ${because(error)}\n`);
      return 2;
    }
  }
  const [a, b] = inputs as [Uint8Array, Uint8Array];
  let line = 1;
  let status = 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    if (a[i] !== b[i]) {
      status = 1;
      if (options.has('s')) return 1;
      if (!options.has('l')) {
        yield* system.stdout.write(`${from} ${to} differ: char ${i + 1}, line ${line}\n`);
        return 1;
      }
      yield* system.stdout.write(`${i + 1} ${(a[i] as number).toString(8).padStart(3)} ${(b[i] as number).toString(8).padStart(3)}\n`);
    }
    if (a[i] === 10) line += 1;
  }
  if (a.length === b.length) return status;
  if (!options.has('s')) yield* system.stderr.write(`cmp: EOF on ${a.length < b.length ? from : to}\n`);
  return 1;
});

/** Commands that compare. */
export const compareCommands: Readonly<Record<string, Executable>> = { diff, cmp };
