import type { SizedValue } from './sizes';

/** What an expression may cost, and how large what it gives may be. */
export interface Estimate {
  readonly kind: SizedValue['kind'];
  readonly cost: number;
  /** Infinity: nothing is known. */
  readonly size: number;
  /** Where in the schema it is. */
  readonly value: SizedValue | undefined;
}

/** A value without a size: a number, a boolean, a time. */
export const scalar = (cost: number): Estimate => ({ kind: 'other', cost, size: 1, value: undefined });

/** A value of the schema; of what the schema does not know nothing is expected. */
export const part = (value: SizedValue | undefined, cost: number): Estimate => ({ kind: value?.kind ?? 'other', cost, size: value?.size ?? 0, value });

const unknownText: Omit<Estimate, 'cost'> = { kind: 'text', size: Infinity, value: undefined };

/** Going through a text costs a tenth of its length. */
const traversal = (size: number): number => Math.ceil(size * 0.1);
const times = (one: number, other: number): number => (one === 0 || other === 0 ? 0 : one * other);
const pattern = (size: number): number => Math.ceil(size * 0.25);
/** Looking at each item of a list. */
const eachItem = ({ size, value }: Estimate): number => size + times(size, value?.element?.kind === 'text' ? traversal(value.element.size) : 0);

type Call = (operands: readonly Estimate[]) => Estimate;
const first = (operands: readonly Estimate[]): Estimate => operands[0] ?? scalar(0);
const second = (operands: readonly Estimate[]): Estimate => operands[1] ?? scalar(0);
const flat: Call = () => scalar(1);
const free: Call = () => scalar(0);
const overText: Call = (operands) => scalar(traversal(first(operands).size));
/** Gives a text no longer than the first. */
const changed: Call = (operands) => ({ ...unknownText, size: first(operands).size, cost: traversal(first(operands).size) });
const twice: Call = (operands) => ({ ...changed(operands), cost: 2 * traversal(first(operands).size) });
const sought: Call = (operands) => scalar(times(traversal(first(operands).size + 1), pattern(second(operands).size)));

const compared: Call = ([one, other]) => scalar(one?.kind === 'text' && other ? traversal(Math.min(one.size, other.size)) : 1);
const equal: Call = ([one, other]) => scalar(one && other ? traversal(Math.min(one.size, other.size)) : 1);

const joined: Call = (operands) => {
  const [one, other] = [first(operands), second(operands)];
  const size = one.size + other.size;
  if (one.kind === 'text' || other.kind === 'text') return { ...unknownText, size, cost: traversal(size) };
  return one.kind === 'list' ? { kind: 'list', size, cost: 1, value: undefined } : scalar(1);
};

const listJoined: Call = (operands) => {
  const [list, separator] = [first(operands), operands[1]];
  const size = times(list.size, list.value?.element?.size ?? 0) + times(list.size, separator?.size ?? 0);
  return { ...unknownText, size, cost: traversal(size) };
};

/** Texts and lists have functions of one name. */
const positions: Call = (operands) => scalar(first(operands).kind === 'list' ? eachItem(first(operands)) : traversal(first(operands).size));
const indexed: Call = (operands) => {
  const list = first(operands).value;
  return list ? part(list.element, 1) : scalar(1);
};
const product: Call = (operands) => scalar(1 + times(first(operands).size, second(operands).size));

const calls: Readonly<Record<string, Call>> = {
  '_==_': equal, '_!=_': equal, '_<_': compared, '_<=_': compared, '_>_': compared, '_>=_': compared, '_&&_': free, '_||_': free,
  '_+_': joined,
  '@in': (operands) => scalar(second(operands).kind === 'list' ? second(operands).size : 1),
  '_[_]': indexed, '_[?_]': indexed,
  dyn: (operands) => ({ ...first(operands), cost: 1 }),
  string: () => ({ ...unknownText, cost: 1 }),
  type: () => ({ kind: 'other', size: Infinity, value: undefined, cost: 1 }),
  bytes: changed, lowerAscii: changed, upperAscii: changed, substring: changed, trim: changed, replace: twice,
  split: (operands) => ({ kind: 'list', size: first(operands).size, cost: 2 * traversal(first(operands).size), value: undefined }),
  startsWith: (operands) => scalar(traversal(second(operands).size)), endsWith: (operands) => scalar(traversal(second(operands).size)),
  contains: (operands) => scalar(times(traversal(first(operands).size), traversal(second(operands).size))),
  matches: sought,
  find: (operands) => ({ ...unknownText, size: first(operands).size, cost: sought(operands).cost }), findAll: sought,
  join: listJoined, indexOf: positions, lastIndexOf: positions,
  isSorted: positions, min: positions, max: positions, sum: positions,
  charAt: () => ({ ...unknownText, cost: 1 }), getHost: () => ({ ...unknownText, cost: 1 }),
  url: overText, quantity: overText, isQuantity: overText, ip: overText, isIP: overText, cidr: overText, isCIDR: overText, semver: overText, isSemver: overText,
  'sets.contains': product, 'sets.intersects': product, 'sets.equivalent': (operands) => scalar(1 + 2 * times(first(operands).size, second(operands).size)),
};

/** What a call costs besides its operands, of which the target is the first. */
export function callCost(name: string, operands: readonly Estimate[]): Estimate {
  const own = Object.hasOwn(calls, name) ? calls[name] : undefined;
  return (own ?? flat)(operands);
}
