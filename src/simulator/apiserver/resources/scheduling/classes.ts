import type { PriorityClass } from '../../../api';
import { fieldPath } from '../../field';
import { age, nameOf } from '../cells';
import type { ResourceDefinition } from '../definition';
import { checkImmutable, collect, metadataPath } from '../strategy';

const highest = 1_000_000_000;
const builtIn: Readonly<Record<string, number>> = { 'system-cluster-critical': 2_000_000_000, 'system-node-critical': 2_000_001_000 };
const valuePath = fieldPath('value');
const policyPath = fieldPath('preemptionPolicy');

/** PriorityClasses: which Pods go first. */
export const priorityclasses: ResourceDefinition<PriorityClass> = {
  group: 'scheduling.k8s.io',
  resource: 'priorityclasses',
  applyDefaults: (draft) => void (draft['preemptionPolicy'] ??= 'PreemptLowerPriority'),
  prepareForCreate: (draft) => void (draft.metadata['generation'] = 1),
  validateCreate: ({ metadata, value, preemptionPolicy }) =>
    collect((errors) => {
      const name = metadata?.name ?? '';
      if (name.startsWith('system-')) {
        if (builtIn[name] !== value) errors.forbidden(metadataPath.child('name'), `priority class names with 'system-' prefix are reserved for system use only. error: ${builtIn[name] === undefined ? `${name} is not a known system priority class` : `value of ${name} PriorityClass must be ${builtIn[name] ?? ''}`}`);
      } else if ((value ?? 0) > highest) errors.forbidden(valuePath, `maximum allowed value of a user defined priority is ${highest}`);
      if ((preemptionPolicy as string | undefined) === '') errors.required(policyPath);
      else if (preemptionPolicy !== undefined && preemptionPolicy !== 'Never' && preemptionPolicy !== 'PreemptLowerPriority') errors.notSupported(policyPath, preemptionPolicy, ['PreemptLowerPriority', 'Never']);
    }),
  validateUpdate: (now, old) =>
    collect((errors) => {
      if (now.value !== old.value) errors.forbidden(valuePath, 'may not be changed in an update.');
      checkImmutable(now.preemptionPolicy, old.preemptionPolicy, policyPath, errors);
    }),
  allowUnconditionalUpdate: true,
  cells: (own, now) => [nameOf(own), own.value, own.globalDefault ?? false, age(own, now), own.preemptionPolicy ?? ''],
};
