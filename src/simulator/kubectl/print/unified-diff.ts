/** Lines of the longest common subsequence as pairs of positions (Myers, 1986). */
function matches(a: readonly string[], b: readonly string[]): [number, number][] {
  const max = a.length + b.length;
  const trace: Map<number, number>[] = [];
  let v = new Map<number, number>([[1, 0]]);
  outer: for (let d = 0; d <= max; d++) {
    trace.push(new Map(v));
    for (let k = -d; k <= d; k += 2) {
      let x = k === -d || (k !== d && (v.get(k - 1) ?? -1) < (v.get(k + 1) ?? -1)) ? (v.get(k + 1) ?? 0) : (v.get(k - 1) ?? 0) + 1;
      let y = x - k;
      while (x < a.length && y < b.length && a[x] === b[y]) {
        x += 1;
        y += 1;
      }
      v.set(k, x);
      if (x >= a.length && y >= b.length) break outer;
    }
    v = new Map(v);
  }
  const out: [number, number][] = [];
  let [x, y] = [a.length, b.length];
  for (let d = trace.length - 1; d >= 0; d--) {
    const known = trace[d] as Map<number, number>;
    const k = x - y;
    const from = k === -d || (k !== d && (known.get(k - 1) ?? -1) < (known.get(k + 1) ?? -1)) ? k + 1 : k - 1;
    const startX = known.get(from) ?? 0;
    const startY = startX - from;
    while (x > startX && y > startY && x > 0 && y > 0) {
      x -= 1;
      y -= 1;
      out.push([x, y]);
    }
    if (d > 0) [x, y] = [startX, startY];
  }
  return out.reverse();
}

interface Line {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

const context = 3;

/** `diff -u` of two texts, without the two file lines; '' when they are equal. */
export function unifiedDiff(before: string, after: string): string {
  const split = (text: string) => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));
  const [a, b] = [split(before), split(after)];
  const lines: Line[] = [];
  let [x, y] = [0, 0];
  for (const [i, j] of [...matches(a, b), [a.length, b.length] as [number, number]]) {
    while (x < i) lines.push({ sign: '-', text: a[x++] as string });
    while (y < j) lines.push({ sign: '+', text: b[y++] as string });
    if (i < a.length) {
      lines.push({ sign: ' ', text: a[i] as string });
      x = i + 1;
      y = j + 1;
    }
  }
  return hunks(lines);
}

function hunks(lines: readonly Line[]): string {
  const changed = lines.flatMap(({ sign }, index) => (sign === ' ' ? [] : [index]));
  let out = '';
  let [lineA, lineB, at] = [1, 1, 0];
  for (let i = 0; i < changed.length; ) {
    let last = i;
    while (last + 1 < changed.length && (changed[last + 1] as number) - (changed[last] as number) <= context * 2 + 1) last += 1;
    const from = Math.max(0, (changed[i] as number) - context);
    const to = Math.min(lines.length, (changed[last] as number) + context + 1);
    for (; at < from; at++) {
      if (lines[at]?.sign !== '+') lineA += 1;
      if (lines[at]?.sign !== '-') lineB += 1;
    }
    const part = lines.slice(from, to);
    const countA = part.filter(({ sign }) => sign !== '+').length;
    const countB = part.filter(({ sign }) => sign !== '-').length;
    const range = (line: number, count: number) => (count === 1 ? String(line) : `${count === 0 ? line - 1 : line},${count}`);
    out += `@@ -${range(lineA, countA)} +${range(lineB, countB)} @@\n${part.map(({ sign, text }) => `${sign}${text}\n`).join('')}`;
    i = last + 1;
  }
  return out;
}
