import type { CustomResourceDefinition } from '../../api';
import { sameValue } from '../resources/equality';

type Names = CustomResourceDefinition['spec']['names'];

/** A condition without its time. */
export interface State {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/** What of a definition's names could be accepted. */
export interface Acceptance {
  readonly names: Names;
  /** undefined: nothing was asked that is not accepted already, so the condition stays what it was. */
  readonly state: State | undefined;
}

const accepted: State = { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' };
const used = (name: string): string => `${JSON.stringify(name)} is already in use`;
const together = (messages: readonly string[]): string => (messages.length === 1 ? (messages[0] as string) : `[${messages.join(', ')}]`);

/**
 * Each name is accepted for itself unless a definition of the same group has it, this one's other names included. The
 * last conflict is the one that is told.
 */
export function acceptNames({ spec, status }: CustomResourceDefinition, ofGroup: readonly CustomResourceDefinition[]): Acceptance {
  const wanted = spec.names;
  const before: Names = status?.acceptedNames ?? { plural: '', kind: '' };
  const all = ofGroup.flatMap((other) => (other.status?.acceptedNames ? [other.status.acceptedNames] : []));
  const resources = new Set(all.flatMap(({ plural, singular = '', shortNames = [] }) => [plural, singular, ...shortNames]));
  const kinds = new Set(all.flatMap(({ kind, listKind = '' }) => [kind, listKind]));
  const names: { -readonly [Name in keyof Names]: Names[Name] } = { ...before };
  let state: State | undefined = undefined;
  let asked = false;
  const settle = (field: keyof Names, reason: string, messages: readonly string[]): void => {
    asked = true;
    if (messages.length > 0) state = { type: 'NamesAccepted', status: 'False', reason, message: together(messages) };
    else if (wanted[field] === undefined) delete names[field];
    else Object.assign(names, { [field]: wanted[field] });
  };
  const single = (field: 'plural' | 'singular' | 'kind' | 'listKind', taken: ReadonlySet<string>, reason: string): void => {
    const name = wanted[field] ?? '';
    if (name !== (before[field] ?? '')) settle(field, reason, taken.has(name) ? [used(name)] : []);
  };
  single('plural', resources, 'PluralConflict');
  single('singular', resources, 'SingularConflict');
  if (!sameValue(wanted.shortNames, before.shortNames)) {
    const own = new Set(before.shortNames ?? []);
    settle('shortNames', 'ShortNamesConflict', (wanted.shortNames ?? []).filter((name) => resources.has(name) && !own.has(name)).map(used));
  }
  single('kind', kinds, 'KindConflict');
  single('listKind', kinds, 'ListKindConflict');
  if (!sameValue(wanted.categories, before.categories)) settle('categories', '', []);
  const { plural, singular, shortNames, kind, listKind, categories } = names;
  const ordered: Names = { plural, ...(singular && { singular }), ...(shortNames && { shortNames }), kind, ...(listKind && { listKind }), ...(categories && { categories }) };
  return { names: ordered, state: state ?? (asked ? accepted : undefined) };
}
