import type { Task } from '../../../kernel';
import type { Context } from '../../command';
import { isNotFound } from '../../errors';
import { fieldsAt, listAt, nameOf, namespaceOf, textAt, type Fields } from '../../fields';

/** Which Pods of a node are to go, and what stands against it. */
export interface EvictionPlan {
  readonly pods: readonly Fields[];
  readonly errors: readonly string[];
  readonly warnings: string;
}

const controllerOf = (pod: Fields): Fields | undefined => listAt(pod, 'metadata', 'ownerReferences').find((one) => one['controller'] === true);
const hasEmptyDir = (pod: Fields): boolean => listAt(pod, 'spec', 'volumes').some((volume) => fieldsAt(volume, 'emptyDir') !== undefined);
const isOver = (pod: Fields): boolean => ['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase'));

function* daemonSetExists({ session }: Context, pod: Fields, owner: Fields): Task<boolean> {
  try {
    yield* session.rest.get(`/apis/apps/v1/namespaces/${namespaceOf(pod)}/daemonsets/${textAt(owner, 'name')}`);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

interface Group {
  readonly message: string;
  readonly names: string[];
}

/** Decides about each Pod of a node as drain does: mirror pods stay, daemon sets, lone pods and local data need flags. */
export function* planEvictions(context: Context, pods: readonly Fields[]): Task<EvictionPlan> {
  const { flags } = context;
  const go: Fields[] = [];
  const errors = new Map<string, Group>();
  const warnings = new Map<string, Group>();
  const note = (groups: Map<string, Group>, message: string, pod: Fields) => {
    const group = groups.get(message) ?? { message, names: [] };
    group.names.push(`${namespaceOf(pod)}/${nameOf(pod)}`);
    groups.set(message, group);
  };
  for (const pod of pods) {
    if (textAt(pod, 'metadata', 'annotations', 'kubernetes.io/config.mirror') !== '') continue;
    const owner = controllerOf(pod);
    if (owner && textAt(owner, 'kind') === 'DaemonSet' && !isOver(pod)) {
      if (yield* daemonSetExists(context, pod, owner)) {
        if (flags.bool('ignore-daemonsets')) note(warnings, 'ignoring DaemonSet-managed Pods', pod);
        else note(errors, 'cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore)', pod);
        continue;
      }
    }
    if (hasEmptyDir(pod) && !isOver(pod) && !flags.bool('delete-emptydir-data')) {
      note(errors, 'cannot delete Pods with local storage (use --delete-emptydir-data to override)', pod);
      continue;
    }
    if (!owner && !isOver(pod)) {
      if (!flags.bool('force')) {
        note(errors, 'cannot delete Pods that declare no controller (use --force to override)', pod);
        continue;
      }
      note(warnings, 'deleting Pods that declare no controller', pod);
    }
    go.push(pod);
  }
  const text = ({ message, names }: Group) => `${message}: ${names.join(', ')}`;
  return { pods: go, errors: [...errors.values()].map(text).sort(), warnings: [...warnings.values()].map(text).join('; ') };
}
