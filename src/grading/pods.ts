import type { Container, ContainerStatus, Pod } from '../simulator/api';

/** A container with where it stands in its Pod: spec.containers[name=web]. */
export interface PlacedContainer {
  readonly container: Container;
  readonly path: string;
}

const lists = ['containers', 'initContainers'] as const;

/** The containers that keep running beside the app: plain ones and native sidecars. */
export const companionsOf = (pod: Pod, app: string): readonly PlacedContainer[] =>
  lists.flatMap((list) => (pod.spec?.[list] ?? [])
    .filter((container) => container.name !== app && (list === 'containers' || container.restartPolicy === 'Always'))
    .map((container) => ({ container, path: `spec.${list}[name=${container.name}]` })));

/** The status of a container, whichever list it stands in. */
export const containerStatusOf = (pod: Pod, name: string): ContainerStatus | undefined =>
  [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])].find((status) => status.name === name);
