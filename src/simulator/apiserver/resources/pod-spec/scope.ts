import type { PodSpec } from '../../../api';
import { type Errors, type Path, quoteText } from '../../field';

/** What the checks of a Pod's parts need to know of the whole. */
export interface PodScope {
  readonly spec: PodSpec;
  readonly errors: Errors;
  /** Volumes that are all right, by name. */
  readonly volumes: ReadonlyMap<string, 'block' | 'file'>;
  /** Names of spec.resourceClaims. */
  readonly claims: ReadonlySet<string>;
  /** A Pod rather than a template: only there are images checked for blanks. */
  readonly isPod: boolean;
}

const gap = /^\s|\s$/u;

/** Whether a text begins or ends with white space. */
export const isPadded = (text: string): boolean => gap.test(text);

/** Checks that `value` is one of a few; `supported` is listed as given. */
export function checkOneOf(value: string, supported: readonly string[], path: Path, errors: Errors): void {
  if (!supported.includes(value)) errors.notSupported(path, value, supported);
}

/** Checks a path that must stay below where it starts. */
export function checkPathWithoutBacksteps(target: string, path: Path, errors: Errors): void {
  if (target.includes('..') && target.split('/').includes('..')) errors.invalid(path, target, "must not contain '..'");
}

/** Checks a relative path that must not climb. */
export function checkLocalDescendingPath(target: string, path: Path, errors: Errors): void {
  if (target.startsWith('/')) errors.invalid(path, target, 'must be a relative path');
  checkPathWithoutBacksteps(target, path, errors);
}

/** The same, and the first part may not begin with two dots. */
export function checkLocalPath(target: string, path: Path, errors: Errors): void {
  checkLocalDescendingPath(target, path, errors);
  if (target.startsWith('..') && !target.startsWith('../')) errors.invalid(path, target, "must not start with '..'");
}

/** The message for a value that Go shows in quotes inside a text. */
export const inQuotes = quoteText;
