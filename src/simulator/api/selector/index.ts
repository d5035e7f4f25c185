export { type FieldRequirement, fieldSelectorText, matchesFields, parseFieldSelector } from './fields';
export { everyLabel, type LabelMatcher, matcherForLabels, matcherForNodeRequirements, matcherForSelector, noLabel, parseLabelSelector, selectorGoText, selectorText } from './labels';
export { type Operator, type Requirement, SelectorError } from './requirement';
