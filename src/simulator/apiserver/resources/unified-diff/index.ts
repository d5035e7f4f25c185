const context = 3;

interface Edit {
  readonly kind: ' ' | '-' | '+';
  readonly text: string;
}

/** A shortest list of edits between two texts' lines, deletions before insertions. */
function edits(before: readonly string[], after: readonly string[]): Edit[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < before.length - start && end < after.length - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  const a = before.slice(start, before.length - end);
  const b = after.slice(start, after.length - end);
  const keep = (text: string): Edit => ({ kind: ' ', text });
  return [...before.slice(0, start).map(keep), ...middle(a, b), ...before.slice(before.length - end).map(keep)];
}

function middle(a: readonly string[], b: readonly string[]): Edit[] {
  const longest = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  const at = (i: number, j: number) => longest[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) (longest[i] as Uint32Array)[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  const out: Edit[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      out.push({ kind: ' ', text: a[i] as string });
      i += 1;
      j += 1;
    } else if (i < a.length && (j >= b.length || at(i + 1, j) >= at(i, j + 1))) out.push({ kind: '-', text: a[i++] as string });
    else out.push({ kind: '+', text: b[j++] as string });
  }
  return out;
}

/** The changes between two texts as `diff -u` writes them, without the names of files. */
export function unifiedDiff(before: string, after: string): string {
  const all = edits(before.split('\n'), after.split('\n'));
  const changed = all.flatMap(({ kind }, index) => (kind === ' ' ? [] : [index]));
  let out = '';
  for (let i = 0; i < changed.length; ) {
    let last = i;
    while (last + 1 < changed.length && (changed[last + 1] as number) - (changed[last] as number) <= 2 * context + 1) last += 1;
    out += hunk(all, Math.max(0, (changed[i] as number) - context), Math.min(all.length, (changed[last] as number) + context + 1));
    i = last + 1;
  }
  return out;
}

function hunk(all: readonly Edit[], from: number, to: number): string {
  const count = (edited: readonly Edit[], without: string) => edited.filter(({ kind }) => kind !== without).length;
  const part = all.slice(from, to);
  const range = (without: string) => `${count(all.slice(0, from), without) + 1},${count(part, without)}`;
  return `@@ -${range('+')} +${range('-')} @@\n${part.map(({ kind, text }) => `${kind}${text}\n`).join('')}`;
}
