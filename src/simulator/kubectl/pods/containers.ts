import type { Context } from '../command';
import { CommandError } from '../errors';
import { listAt, nameOf, textAt, type Fields } from '../fields';

const defaultAnnotation = 'kubectl.kubernetes.io/default-container';

/** All containers of a pod as messages list them: `web, log, setup (init)`. */
export function containerList(pod: Fields): string {
  return [
    ...listAt(pod, 'spec', 'containers').map((one) => textAt(one, 'name')),
    ...listAt(pod, 'spec', 'ephemeralContainers').map((one) => `${textAt(one, 'name')} (ephem)`),
    ...listAt(pod, 'spec', 'initContainers').map((one) => `${textAt(one, 'name')} (init)`),
  ].join(', ');
}

/** Every container's name: init containers first, ephemeral ones last. */
export const allContainerNames = (pod: Fields): string[] =>
  ['initContainers', 'containers', 'ephemeralContainers'].flatMap((kind) => listAt(pod, 'spec', kind).map((one) => textAt(one, 'name')));

/** The container with this name, whatever its sort. */
export const findContainer = (pod: Fields, name: string): Fields | undefined =>
  ['containers', 'ephemeralContainers', 'initContainers'].flatMap((kind) => listAt(pod, 'spec', kind)).find((one) => textAt(one, 'name') === name);

/** The container that `wanted` names, or the pod's default; says on stderr what it chose. Throws for names that the pod lacks. */
export function chooseContainer(context: Context, pod: Fields, wanted: string, quiet = false): string {
  if (wanted !== '') {
    if (!findContainer(pod, wanted)) throw new CommandError(`container ${wanted} is not valid for pod ${nameOf(pod)} out of: ${containerList(pod)}`);
    return wanted;
  }
  const annotated = textAt(pod, 'metadata', 'annotations', defaultAnnotation);
  if (annotated !== '') {
    if (findContainer(pod, annotated)) return annotated;
    context.err(`Default container name ${JSON.stringify(annotated)} not found in pod ${nameOf(pod)}\n`);
  }
  const containers = listAt(pod, 'spec', 'containers');
  const first = textAt(containers[0], 'name');
  if (allContainerNames(pod).length > 1 && !quiet) context.err(`Defaulted container ${JSON.stringify(first)} out of: ${containerList(pod)}\n`);
  return first;
}
