import { isQualifiedName } from '../../../api';
import { CommandError, UsageError } from '../../errors';
import { listAt, textAt, withAt, type Fields } from '../../fields';
import type { Info } from '../../resources/builder';

/** What `kubectl taint` shall do. */
export interface TaintChange {
  readonly add: readonly Fields[];
  /** An empty effect: whatever the effect is. */
  readonly remove: readonly { readonly key: string; readonly effect: string }[];
}

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

function effectOf(text: string): string {
  if (effects.includes(text)) return text;
  throw new UsageError(`invalid taint effect: ${text}, unsupported taint effect`);
}

/** key=value:Effect, key:Effect, key:Effect- and key-. */
export function parseTaints(specs: readonly string[]): TaintChange {
  const add: Fields[] = [];
  const remove: { key: string; effect: string }[] = [];
  for (const spec of specs) {
    if (spec.endsWith('-')) {
      const [left = '', effect] = spec.slice(0, -1).split(':');
      const [key = ''] = left.split('=');
      remove.push({ key, effect: effect === undefined ? '' : effectOf(effect) });
      continue;
    }
    const parts = spec.split(':');
    const [left = '', effect] = parts;
    const [key = '', value, more] = left.split('=');
    if (effect === undefined) throw new UsageError(`invalid taint spec: ${spec}, ${isQualifiedName(spec).join('; ')}`);
    if (parts.length !== 2 || more !== undefined) throw new UsageError(`invalid taint spec: ${spec}`);
    const wrong = isQualifiedName(key);
    if (wrong.length > 0) throw new UsageError(`invalid taint spec: ${spec}, ${wrong.join('; ')}`);
    const twin = add.find((one) => one['key'] === key && one['effect'] === effect);
    if (twin) throw new UsageError(`duplicated taints with the same key and effect: {${key} ${value ?? ''} ${effect} <nil>}`);
    add.push({ effect: effectOf(effect), key, ...(value !== undefined && value !== '' && { value }) });
  }
  const both = remove.find(({ effect, key }) => add.some((one) => one['key'] === key && (effect === '' || one['effect'] === effect)));
  if (both) throw new CommandError(`can not both modify and remove the following taint(s) in the same command: ${both.key}=${both.effect}`);
  return { add, remove };
}

const sameTaint = (a: Fields, b: Fields): boolean => a['key'] === b['key'] && a['effect'] === b['effect'];

/** The node with its taints changed, and what to call that. */
export function taintNode(info: Info, { add, remove }: TaintChange, overwrite: boolean): { object: Fields; operation: string } {
  const known = listAt(info.object, 'spec', 'taints');
  if (!overwrite) {
    const taken = add.find((one) => known.some((other) => sameTaint(one, other)));
    if (taken) throw new CommandError(`node ${info.name} already has ${textAt(taken, 'key')} taint(s) with same effect(s) and --overwrite is false`);
  }
  for (const { effect, key } of remove) {
    if (!known.some((one) => one['key'] === key && (effect === '' || one['effect'] === effect))) throw new CommandError(`taint ${JSON.stringify(effect === '' ? key : `${key}:${effect}`)} not found`);
  }
  const kept = known.filter((one) => !remove.some(({ effect, key }) => one['key'] === key && (effect === '' || one['effect'] === effect)) && !add.some((other) => sameTaint(one, other)));
  const next = [...add, ...kept];
  const replaces = add.some((one) => known.some((other) => sameTaint(one, other)));
  const operation = replaces || (add.length > 0 && remove.length > 0) ? 'modified' : remove.length > 0 ? 'untainted' : 'tainted';
  return { object: withAt(info.object, ['spec', 'taints'], next.length === 0 ? undefined : next), operation };
}
