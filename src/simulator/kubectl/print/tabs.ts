/** How columns are laid out: elastic tab stops. A cell ends with a tab; cells above each other share a width. */
export interface TabOptions {
  /** Least width of a column, padding included. */
  readonly minWidth: number;
  readonly padding: number;
}

/** What kubectl's tables use. */
export const tableTabs: TabOptions = { minWidth: 6, padding: 3 };
/** What describe uses. */
export const describeTabs: TabOptions = { minWidth: 0, padding: 2 };

const wide = /[^\u0000-\u007f]/;

/** Characters in a text (code points). */
const lengthOf = (text: string): number => (wide.test(text) ? [...text].length : text.length);

/** Sets widths of the column `column` for the run of lines from `from` that have it, and of the columns inside that run. */
function measure(lines: readonly (readonly string[])[], widths: number[][], from: number, to: number, column: number, options: TabOptions): void {
  for (let line = from; line < to; ) {
    if (column >= (lines[line] as readonly string[]).length - 1) {
      line += 1;
      continue;
    }
    let width = options.minWidth;
    let end = line;
    while (end < to && column < (lines[end] as readonly string[]).length - 1) {
      width = Math.max(width, lengthOf((lines[end] as readonly string[])[column] as string) + options.padding);
      end += 1;
    }
    for (let i = line; i < end; i++) (widths[i] as number[])[column] = width;
    measure(lines, widths, line, end, column + 1, options);
    line = end;
  }
}

/** Lays out text whose cells end with tabs. The last cell of a line is no column: it is printed as it is. */
export function alignTabs(text: string, options: TabOptions): string {
  const ends = text.endsWith('\n');
  const lines = (ends ? text.slice(0, -1) : text).split('\n').map((line) => line.split('\t'));
  const widths: number[][] = lines.map(() => []);
  measure(lines, widths, 0, lines.length, 0, options);
  const out = lines.map((cells, index) => {
    let row = '';
    cells.forEach((cell, column) => {
      const width = (widths[index] as number[])[column];
      row += column === cells.length - 1 || width === undefined ? cell : cell + ' '.repeat(width - lengthOf(cell));
    });
    return row;
  });
  return out.join('\n') + (ends ? '\n' : '');
}
