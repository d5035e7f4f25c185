/** What is wrong with a list of indexes, as 0-2,5, of a Job with so many completions. */
export function indexesProblem(text: string, completions: number): string | undefined {
  return read(text, completions).problem;
}

/** The indexes of such a list, up to the first thing that is wrong with it. */
export const indexesIn = (text: string, completions: number): readonly number[] => read(text, completions).indexes;

function read(text: string, completions: number): { readonly indexes: readonly number[]; readonly problem?: string } {
  const indexes: number[] = [];
  if (text === '') return { indexes };
  let previous: number | undefined;
  for (const interval of text.split(',')) {
    const parts = interval.split('-');
    if (parts.length > 2) return { indexes, problem: `the fragment ${JSON.stringify(interval)} violates the requirement that an index interval can have at most two parts separated by '-'` };
    let first: number | undefined;
    for (const part of parts) {
      if (!/^\d+$/.test(part)) return { indexes, problem: `cannot convert string to integer for index: ${JSON.stringify(part)}` };
      const index = Number(part);
      if (previous !== undefined && index <= previous) return { indexes, problem: `non-increasing order, previous: ${previous}, current: ${index}` };
      if (index >= completions) return { indexes, problem: `too large index: ${JSON.stringify(part)}` };
      for (let each = first === undefined ? index : first + 1; each <= index; each++) indexes.push(each);
      first = index;
      previous = index;
    }
  }
  return { indexes };
}
