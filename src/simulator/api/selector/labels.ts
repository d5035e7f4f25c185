import type { LabelSelector, NodeSelectorRequirement } from '../generated/kinds';
import { parseRequirements } from './label-parser';
import { matcherOf, requirement, type Operator, type Requirement, requirementText, SelectorError } from './requirement';

type Labels = Readonly<Record<string, string>>;

/** A compiled label selector. */
export interface LabelMatcher {
  readonly requirements: readonly Requirement[];
  /** Matches everything. */
  readonly everything: boolean;
  matches(labels: Labels | undefined): boolean;
  toString(): string;
}

const noLabels: Labels = Object.freeze({});

function compile(requirements: readonly Requirement[], nothing = false): LabelMatcher {
  const matchers = requirements.map(matcherOf);
  const [only] = matchers;
  let matches: (labels: Labels) => boolean;
  if (nothing) matches = () => false;
  else if (only && matchers.length === 1) matches = only;
  else matches = (labels) => matchers.every((matcher) => matcher(labels));
  return Object.freeze({
    requirements,
    everything: !nothing && matchers.length === 0,
    matches: (labels: Labels | undefined) => matches(labels ?? noLabels),
    toString: () => requirements.map(requirementText).join(','),
  });
}

/** Matches every object. */
export const everyLabel: LabelMatcher = compile([]);
/** Matches no object. */
export const noLabel: LabelMatcher = compile([], true);

const cache = new Map<string, LabelMatcher>();

/** Compiles `app=web,tier in (a,b)`. Throws SelectorError in the server's words. */
export function parseLabelSelector(text: string): LabelMatcher {
  let found = cache.get(text);
  if (!found) {
    found = compile(parseRequirements(text));
    if (cache.size > 1000) cache.clear();
    cache.set(text, found);
  }
  return found;
}

/** Matches objects that have all these labels. */
export function matcherForLabels(labels: Labels | undefined): LabelMatcher {
  const keys = Object.keys(labels ?? noLabels).sort();
  return compile(keys.map((key): Requirement => ({ key, operator: '=', values: [labels?.[key] ?? ''] })));
}

const operators: Readonly<Record<string, Operator>> = { In: 'in', NotIn: 'notin', Exists: 'exists', DoesNotExist: '!' };
const compiled = new WeakMap<LabelSelector, LabelMatcher>();

/** Compiles a metav1 LabelSelector: none matches nothing, an empty one everything. Throws SelectorError. */
export function matcherForSelector(selector: LabelSelector | undefined): LabelMatcher {
  if (!selector) return noLabel;
  const known = compiled.get(selector);
  if (known) return known;
  const requirements: Requirement[] = Object.keys(selector.matchLabels ?? noLabels).sort().map((key) => requirement(key, '=', [selector.matchLabels?.[key] ?? '']));
  for (const { key, operator, values } of selector.matchExpressions ?? []) {
    const known = operators[operator];
    if (known === undefined) throw new SelectorError(`"${operator}" is not a valid label selector operator`);
    requirements.push(requirement(key, known, [...(values ?? [])].sort()));
  }
  const matcher = compile(requirements.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)));
  if (Object.isFrozen(selector)) compiled.set(selector, matcher);
  return matcher;
}

/** `kubectl`'s text of a metav1 LabelSelector: `<none>` when it is empty. */
export function selectorText(selector: LabelSelector | undefined): string {
  const text = selector ? matcherForSelector(selector).toString() : '';
  return text === '' ? '<none>' : text;
}

const nodeOperators: Readonly<Record<string, Operator>> = { ...operators, Gt: 'gt', Lt: 'lt' };

/** Compiles the requirements of a node selector's term (matchExpressions). Throws SelectorError. */
export function matcherForNodeRequirements(requirements: readonly NodeSelectorRequirement[]): LabelMatcher {
  return compile(requirements.map(({ key, operator, values }) => {
    const known = nodeOperators[operator];
    if (known === undefined) throw new SelectorError(`"${operator}" is not a valid node selector operator`);
    return requirement(key, known, [...(values ?? [])].sort());
  }));
}

/** A selector as Go prints it, which some messages and cells show. */
export function selectorGoText({ matchLabels, matchExpressions }: LabelSelector): string {
  const labels = Object.keys(matchLabels ?? noLabels).sort().map((key) => `${key}: ${matchLabels?.[key] ?? ''},`).join('');
  const expressions = (matchExpressions ?? []).map(({ key, operator, values }) => `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${(values ?? []).join(' ')}],},`).join('');
  return `&LabelSelector{MatchLabels:map[string]string{${labels}},MatchExpressions:[]LabelSelectorRequirement{${expressions}},}`;
}
