export { Errors, type FieldError } from './errors';
export { fieldPath, type Path } from './path';
export { quoteText, quoteValue } from './quote';
export * from './formats';
export { labelErrors, labelSelectorErrors, type LabelSelectorLike } from './labels';
