import { seconds, sleep, type Task } from '../../kernel';
import { resourcePath, type Mapping } from '../api/mapper';
import { queryText } from '../api/rest';
import type { Context } from '../command';
import { CommandError } from '../errors';
import { at, compareText, fieldsAt, listAt, mapAt, nameOf, numberAt, textAt, type Fields } from '../fields';
import { parseTargets } from '../resources/builder';

/** The mapping of Pods, which every server has. */
export const podMapping: Mapping = { group: '', version: 'v1', resource: 'pods', singular: 'pod', kind: 'Pod', namespaced: true, shortNames: ['po'], categories: ['all'], verbs: [], subresources: [] };

/** A label selector object (matchLabels, matchExpressions) as text. */
export function selectorText(selector: unknown): string {
  const labels = mapAt(selector, 'matchLabels').map(([key, value]) => `${key}=${value}`);
  const expressions = listAt(selector, 'matchExpressions').map((expression) => {
    const key = textAt(expression, 'key');
    const values = (at(expression, 'values') as readonly string[] | undefined) ?? [];
    switch (textAt(expression, 'operator')) {
      case 'In':
        return `${key} in (${[...values].sort(compareText).join(',')})`;
      case 'NotIn':
        return `${key} notin (${[...values].sort(compareText).join(',')})`;
      case 'Exists':
        return key;
      default:
        return `!${key}`;
    }
  });
  return [...labels, ...expressions].sort((a, b) => compareText(a.replace(/^!/, ''), b.replace(/^!/, ''))).join(',');
}

/** The label selector of the Pods that belong to an object. Throws for kinds without Pods. */
export function podSelectorOf(object: Fields, mapping: Mapping, purpose = 'attach to'): string {
  const selector = fieldsAt(object, 'spec', 'selector');
  if (mapping.kind === 'Service' || mapping.kind === 'ReplicationController') {
    if (!selector || Object.keys(selector).length === 0) throw new CommandError(mapping.kind === 'Service' ? `invalid service '${nameOf(object)}': Service is defined without a selector` : `invalid label selector: ${nameOf(object)}`);
    return Object.entries(selector).map(([key, value]) => `${key}=${String(value)}`).join(',');
  }
  if (!selector || !['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job'].includes(mapping.kind)) throw new CommandError(`cannot ${purpose} *v1.${mapping.kind}: selector for *v1.${mapping.kind} not implemented`);
  return selectorText(selector);
}

const isReady = (pod: Fields): boolean => listAt(pod, 'status', 'conditions').some((one) => one['type'] === 'Ready' && one['status'] === 'True');
const phases = ['Pending', 'Unknown', 'Running'];
const restarts = (pod: Fields): number => Math.max(0, ...listAt(pod, 'status', 'containerStatuses').map((one) => numberAt(one, 'restartCount')));

/** Order in which one of several Pods is chosen: with a node, running, ready, few restarts, oldest. */
export function byUse(a: Fields, b: Fields): number {
  const assigned = (pod: Fields) => (textAt(pod, 'spec', 'nodeName') === '' ? 1 : 0);
  const phase = (pod: Fields) => -phases.indexOf(textAt(pod, 'status', 'phase'));
  const ready = (pod: Fields) => (isReady(pod) ? 0 : 1);
  return assigned(a) - assigned(b) || phase(a) - phase(b) || ready(a) - ready(b) || restarts(a) - restarts(b) || compareText(textAt(a, 'metadata', 'creationTimestamp'), textAt(b, 'metadata', 'creationTimestamp'));
}

/** The Pods with these labels. */
export function* podsWith({ session }: Context, selector: string): Task<readonly Fields[]> {
  return listAt(yield* session.rest.get(`${resourcePath(podMapping, session.namespace)}${queryText({ labelSelector: selector })}`), 'items');
}

/** The Pod that POD or TYPE/NAME means; of several the one of most use. Waits up to --pod-running-timeout for one to be there. */
export function* podOfTarget(context: Context, word: string): Task<Fields> {
  const { flags, session } = context;
  if (!word.includes('/')) return yield* session.rest.get(resourcePath(podMapping, session.namespace, word));
  const [target] = parseTargets(yield* session.mapper(), [word]);
  const { mapping, name = '' } = target as { mapping: Mapping; name: string | undefined };
  const object = yield* session.rest.get(resourcePath(mapping, session.namespace, name));
  if (mapping.kind === 'Pod') return object;
  const selector = podSelectorOf(object, mapping);
  const end = session.host.now() + seconds(flags.has('pod-running-timeout') ? flags.number('pod-running-timeout') : 0);
  for (;;) {
    const found = [...(yield* podsWith(context, selector))].sort(byUse);
    if (found[0]) return found[0];
    if (session.host.now() >= end) throw new CommandError(`timed out waiting for the condition`);
    yield* sleep(seconds(0.5));
  }
}
