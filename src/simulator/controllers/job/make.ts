import type { Container, Job, Pod, PodTemplateSpec } from '../../api';
import { meta, resources } from '../../client';
import { podFromTemplate } from '../pods';
import { failureCountKey, indexKey } from './indexes';
import { trackingFinalizer } from './observe';

const variable = {
  name: 'JOB_COMPLETION_INDEX',
  valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: `metadata.labels['${indexKey}']` } },
} as const;

const withVariable = (containers: readonly Container[]): Container[] =>
  containers.map((container) => (container.env?.some(({ name }) => name === variable.name) ? container : { ...container, env: [...(container.env ?? []), variable] }));

/** Names of Pods with an index: as much of the Job's as leaves room for the generated end. */
const indexedName = (name: string, index: number): string => `${name.slice(0, 63 - `-${index}-`.length - 5)}-${index}-`;

/** A Pod of the Job's template, for an index if the Job has them. */
export function makePod(job: Job, index: number | undefined, failures: number): Pod {
  const template: PodTemplateSpec = job.spec?.template ?? {};
  const finalizers = [...(template.metadata?.finalizers ?? []), trackingFinalizer];
  const pod = podFromTemplate(template, job, resources.jobs, { finalizers });
  if (index === undefined) return pod;
  const text = String(index);
  const { name } = meta(job);
  const spec = template.spec;
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      generateName: indexedName(name, index),
      labels: { ...pod.metadata?.labels, [indexKey]: text },
      annotations: { ...pod.metadata?.annotations, [indexKey]: text, ...(job.spec?.backoffLimitPerIndex !== undefined && { [failureCountKey]: String(failures) }) },
    },
    ...(spec && {
      spec: {
        ...spec, hostname: `${name}-${index}`, containers: withVariable(spec.containers),
        ...(spec.initContainers && { initContainers: withVariable(spec.initContainers) }),
      },
    }),
  };
}
