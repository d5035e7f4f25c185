import type { PriorityClass } from '../../api';
import type { AdmissionContext, AdmissionPlugin } from './plugin';
import { forbidden, isFor, on, podSpecOf, resources } from './request';

/** The class of Pods that name none: of several the one that counts least. */
function globalDefault(context: AdmissionContext): PriorityClass | undefined {
  let found: PriorityClass | undefined;
  for (const one of context.list<PriorityClass>(resources.priorityclasses)) if (one.globalDefault && (!found || (one.value ?? 0) < (found.value ?? 0))) found = one;
  return found;
}

/** Classes of the cluster's own Pods. */
const systemClasses = new Set(['system-node-critical', 'system-cluster-critical']);

const onPods = on(['CREATE', 'UPDATE'], '', 'pods');
const onClasses = on(['CREATE', 'UPDATE', 'DELETE'], 'scheduling.k8s.io', 'priorityclasses');

/** Resolves a Pod's priority class. */
export const priority: AdmissionPlugin = {
  name: 'Priority',
  handles: (target) => onPods(target) || onClasses(target),
  mutate(attributes, context) {
    const spec = podSpecOf(attributes);
    if (!isFor(attributes, '', 'pods') || !spec) return;
    const fields: Record<string, unknown> = spec;
    if (attributes.operation === 'UPDATE') {
      const old = attributes.oldObject as { readonly spec?: { readonly priority?: number; readonly preemptionPolicy?: string } } | undefined;
      if (spec.priority === undefined && old?.spec?.priority !== undefined) fields['priority'] = old.spec.priority;
      if (spec.preemptionPolicy === undefined && old?.spec?.preemptionPolicy !== undefined) fields['preemptionPolicy'] = old.spec.preemptionPolicy;
      return;
    }
    const name = spec.priorityClassName ?? '';
    const named = name === '' ? globalDefault(context) : context.get<PriorityClass>(resources.priorityclasses, undefined, name);
    if (name !== '' && !named) throw forbidden(attributes, `no PriorityClass with name ${name} was found`);
    if (name === '' && named) fields['priorityClassName'] = named.metadata?.name ?? '';
    const value = named?.value ?? 0;
    const policy = named?.preemptionPolicy ?? 'PreemptLowerPriority';
    if (spec.priority !== undefined && spec.priority !== value) {
      throw forbidden(attributes, `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`);
    }
    fields['priority'] = value;
    if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== policy) {
      throw forbidden(attributes, `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${policy} from the given PriorityClass name`);
    }
    fields['preemptionPolicy'] = policy;
  },
  validate(attributes, context) {
    if (!isFor(attributes, 'scheduling.k8s.io', 'priorityclasses')) return;
    if (attributes.operation === 'DELETE' && systemClasses.has(attributes.name)) throw forbidden(attributes, 'this is a system priority class and cannot be deleted');
    if (!attributes.object?.['globalDefault']) return;
    const other = globalDefault(context);
    if (!other || other.metadata?.name === attributes.name) return;
    throw forbidden(attributes, `PriorityClass ${other.metadata?.name ?? ''} is already marked as default. Only one default can exist`);
  },
};
