import type { RuntimeClass } from '../../api';
import { sameValue } from '../resources/equality';
import type { AdmissionPlugin } from './plugin';
import { forbidden, on, podSpecOf, resources } from './request';

/** Gives Pods the overhead and the nodes of their runtime class. */
export const runtimeClass: AdmissionPlugin = {
  name: 'RuntimeClass',
  handles: on(['CREATE'], '', 'pods'),
  mutate(attributes, context) {
    const spec = podSpecOf(attributes);
    if (!spec) return;
    const name = spec.runtimeClassName;
    if (name === undefined || name === '') return;
    const found = context.get<RuntimeClass>(resources.runtimeclasses, undefined, name);
    if (!found) throw forbidden(attributes, `pod rejected: RuntimeClass ${JSON.stringify(name)} not found`);
    const fields: Record<string, unknown> = spec;
    const overhead = found.overhead?.podFixed;
    if (overhead) {
      if (spec.overhead && !sameValue(spec.overhead, overhead)) throw forbidden(attributes, "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
      fields['overhead'] = { ...overhead };
    } else if (spec.overhead) throw forbidden(attributes, 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead');
    const { nodeSelector = {}, tolerations = [] } = found.scheduling ?? {};
    for (const key in nodeSelector) {
      const own = spec.nodeSelector?.[key];
      if (own !== undefined && own !== nodeSelector[key]) throw forbidden(attributes, `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${nodeSelector[key] ?? ''}; pod.spec.nodeSelector[${key}] = ${own}`);
    }
    if (Object.keys(nodeSelector).length > 0) fields['nodeSelector'] = { ...spec.nodeSelector, ...nodeSelector };
    const extra = tolerations.filter((one) => !(spec.tolerations ?? []).some((other) => sameValue(one, other)));
    if (extra.length > 0) fields['tolerations'] = [...(spec.tolerations ?? []), ...extra.map((one) => ({ ...one }))];
  },
  validate(attributes) {
    const spec = podSpecOf(attributes);
    if (spec?.overhead && (spec.runtimeClassName ?? '') === '') throw forbidden(attributes, 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead');
  },
};
