import type { Mapping } from '../../api/mapper';
import { listAt, textAt, withAt, type Fields } from '../../fields';

const templatePaths: Readonly<Record<string, readonly string[]>> = {
  Pod: ['spec'],
  PodTemplate: ['template', 'spec'],
  ReplicationController: ['spec', 'template', 'spec'],
  Deployment: ['spec', 'template', 'spec'],
  ReplicaSet: ['spec', 'template', 'spec'],
  DaemonSet: ['spec', 'template', 'spec'],
  StatefulSet: ['spec', 'template', 'spec'],
  Job: ['spec', 'template', 'spec'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
};

/** Where an object holds its pod spec; undefined for kinds without one. */
export const podSpecPath = ({ kind }: Pick<Mapping, 'kind'>): readonly string[] | undefined => templatePaths[kind];

/** The object with each container changed. `kinds` says which lists of containers. */
export function changeContainers(object: Fields, path: readonly string[], change: (container: Fields) => Fields, kinds: readonly string[] = ['initContainers', 'containers']): Fields {
  return kinds.reduce((current, kind) => {
    const list = listAt(current, ...path, kind);
    return list.length === 0 ? current : withAt(current, [...path, kind], list.map(change));
  }, object);
}

/** Whether a container's name fits a pattern with *. */
export function matchesName(pattern: string, container: Fields): boolean {
  const form = new RegExp(`^${pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`);
  return form.test(textAt(container, 'name'));
}
