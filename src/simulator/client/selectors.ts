import type { LabelSelector } from '../api';
import { meets } from './requirement';

type Labels = Readonly<Record<string, string>> | undefined;
/** Whether a set of labels is selected. */
export type LabelMatcher = (labels: Labels) => boolean;

const nothing: LabelMatcher = () => false;
const compiled = new WeakMap<object, LabelMatcher>();

/** A LabelSelector as a function; undefined selects nothing, {} everything. Compiled once for each (frozen) selector. */
export function labelMatcher(selector: LabelSelector | undefined): LabelMatcher {
  if (!selector) return nothing;
  let matcher = compiled.get(selector);
  if (!matcher) compiled.set(selector, (matcher = compile(selector)));
  return matcher;
}

/** A plain map of labels as a selector (Services, ReplicationControllers); empty or undefined selects nothing. */
export function mapMatcher(wanted: Labels): LabelMatcher {
  if (!wanted || Object.keys(wanted).length === 0) return nothing;
  let matcher = compiled.get(wanted);
  if (!matcher) compiled.set(wanted, (matcher = compile({ matchLabels: wanted })));
  return matcher;
}

function compile({ matchLabels = {}, matchExpressions = [] }: LabelSelector): LabelMatcher {
  const pairs = Object.entries(matchLabels);
  return (labels = {}) => {
    for (const [key, value] of pairs) if (labels[key] !== value) return false;
    for (const { key, operator, values = [] } of matchExpressions) {
      const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
      if (!meets(operator, value, values)) return false;
    }
    return true;
  };
}

/** The text form of a matchLabels-only or full selector, for the labelSelector parameter of a list. */
export function selectorText({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const parts = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
  for (const { key, operator, values = [] } of matchExpressions) {
    if (operator === 'Exists') parts.push(key);
    else if (operator === 'DoesNotExist') parts.push(`!${key}`);
    else parts.push(`${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`);
  }
  return parts.join(',');
}
