import { badRequest } from '../errors';

type Labels = Readonly<Record<string, string>>;

interface Requirement {
  readonly key: string;
  readonly holds: (value: string | undefined) => boolean;
}

/** Reads a label selector (a=b, a!=b, a in (b,c), a notin (b), a, !a, a>1) as a function of labels. Throws a 400. */
export function labelMatcher(selector: string): (labels: Labels) => boolean {
  const requirements = split(selector).map(parseTerm);
  return (labels) => requirements.every(({ key, holds }) => holds(labels[key]));
}

/** Terms at commas outside of parentheses. */
function split(selector: string): string[] {
  const terms = selector.match(/[^,(]+(\([^)]*\))?/g) ?? [];
  if (/^\s*,|,\s*,/.test(selector)) throw badRequest("found ',', expected: !, identifier, or 'end of string'");
  return terms.map((term) => term.trim()).filter((term) => term !== '');
}

function parseTerm(term: string): Requirement {
  const set = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(term);
  if (set) {
    const values = new Set((set[3] as string).split(',').map((value) => value.trim()));
    const inside = set[2] === 'in';
    return { key: set[1] as string, holds: (value) => (value !== undefined && values.has(value)) === inside };
  }
  const equality = /^([^=!\s]+)\s*(!=|==|=)\s*(\S*)$/.exec(term);
  if (equality) {
    const equal = equality[2] !== '!=';
    return { key: equality[1] as string, holds: (value) => (value === equality[3]) === equal };
  }
  const compare = /^(\S+?)\s*([<>])\s*(-?\d+)$/.exec(term);
  if (compare) {
    const bound = Number(compare[3]);
    return { key: compare[1] as string, holds: (value) => value !== undefined && (compare[2] === '>' ? Number(value) > bound : Number(value) < bound) };
  }
  const absent = /^!\s*(\S+)$/.exec(term);
  if (absent) return { key: absent[1] as string, holds: (value) => value === undefined };
  if (/\s/.test(term)) throw badRequest(`unable to parse requirement: ${term}`);
  return { key: term, holds: (value) => value !== undefined };
}
