import type { Task } from '../../kernel';
import { resourcePath } from '../api/mapper';
import { queryText } from '../api/rest';
import type { Context } from '../command';
import { at, compareText, fieldsAt, listAt, mapAt, nameOf, namespaceOf, numberAt, textAt, textsAt, type Fields } from '../fields';
import { podMapping, selectorText } from '../pods/of-target';
import type { Describer } from './describer';
import { writePodTemplate } from './template';
import { controllerOf, shownTime, writeAnnotations, writeLabels, writeMap, Writer } from './writer';

const mapSelector = (selector: unknown): string => mapAt(selector).map(([key, value]) => `${key}=${value}`).join(',') || '<none>';

/** Counts of an object's own Pods by phase. */
function* podCounts({ session }: Context, owner: Fields, selector: string): Task<string> {
  const pods = listAt(yield* session.rest.get(`${resourcePath(podMapping, namespaceOf(owner))}${queryText({ labelSelector: selector })}`), 'items');
  const uid = textAt(owner, 'metadata', 'uid');
  const own = pods.filter((pod) => listAt(pod, 'metadata', 'ownerReferences').some((one) => one['uid'] === uid && one['controller'] === true));
  const count = (phase: string) => own.filter((pod) => textAt(pod, 'status', 'phase') === phase).length;
  return `${count('Running')} Running / ${count('Pending')} Waiting / ${count('Succeeded')} Succeeded / ${count('Failed')} Failed`;
}

const specReplicas = (object: Fields): number => numberAt(object, 'spec', 'replicas');

function* ownedSets({ session }: Context, deployment: Fields): Task<readonly Fields[]> {
  const selector = selectorText(at(deployment, 'spec', 'selector'));
  const list = yield* session.rest.get(`/apis/apps/v1/namespaces/${namespaceOf(deployment)}/replicasets${queryText({ labelSelector: selector })}`);
  const uid = textAt(deployment, 'metadata', 'uid');
  return listAt(list, 'items').filter((set) => listAt(set, 'metadata', 'ownerReferences').some((one) => one['uid'] === uid && one['controller'] === true));
}

const revisionAnnotation = 'deployment.kubernetes.io/revision';

const setsText = (sets: readonly Fields[]): string => sets.map((set) => `${nameOf(set)} (${numberAt(set, 'status', 'replicas')}/${specReplicas(set)} replicas created)`).join(', ') || '<none>';

function templateKey(template: unknown): string {
  const labels = { ...fieldsAt(template, 'metadata', 'labels') } as Record<string, unknown>;
  delete labels['pod-template-hash'];
  return JSON.stringify([labels, at(template, 'metadata', 'annotations'), at(template, 'spec')]);
}

/** A Deployment's current ReplicaSet: the one with its template. */
export function newestSet(deployment: Fields, sets: readonly Fields[]): Fields | undefined {
  const wanted = templateKey(at(deployment, 'spec', 'template'));
  const same = sets.filter((set) => templateKey(at(set, 'spec', 'template')) === wanted);
  return [...same].sort((a, b) => compareText(textAt(a, 'metadata', 'creationTimestamp'), textAt(b, 'metadata', 'creationTimestamp')))[0];
}

function writeHead(w: Writer, object: Fields, lines: readonly (readonly [string, string])[]): void {
  w.line(0, `Name:\t${nameOf(object)}`);
  w.line(0, `Namespace:\t${namespaceOf(object)}`);
  for (const [key, value] of lines) w.line(0, `${key}:\t${value}`);
}

function writeConditions(w: Writer, object: Fields): void {
  const conditions = listAt(object, 'status', 'conditions');
  if (conditions.length === 0) return;
  w.line(0, 'Conditions:');
  w.line(1, 'Type\tStatus\tReason');
  w.line(1, '----\t------\t------');
  for (const condition of conditions) w.line(1, `${textAt(condition, 'type')} \t${textAt(condition, 'status')}\t${textAt(condition, 'reason')}`);
}

/** kubectl describe deployment */
export const describeDeployment: Describer = function* (context, object) {
  const w = new Writer();
  const status = fieldsAt(object, 'status');
  writeHead(w, object, [['CreationTimestamp', shownTime(textAt(object, 'metadata', 'creationTimestamp'))]]);
  writeLabels(w, object);
  writeAnnotations(w, object);
  w.line(0, `Selector:\t${selectorText(at(object, 'spec', 'selector'))}`);
  w.line(0, `Replicas:\t${specReplicas(object)} desired | ${numberAt(status, 'updatedReplicas')} updated | ${numberAt(status, 'replicas')} total | ${numberAt(status, 'availableReplicas')} available | ${numberAt(status, 'unavailableReplicas')} unavailable`);
  w.line(0, `StrategyType:\t${textAt(object, 'spec', 'strategy', 'type')}`);
  w.line(0, `MinReadySeconds:\t${numberAt(object, 'spec', 'minReadySeconds')}`);
  const rolling = fieldsAt(object, 'spec', 'strategy', 'rollingUpdate');
  if (rolling) w.line(0, `RollingUpdateStrategy:\t${textAt(rolling, 'maxUnavailable')} max unavailable, ${textAt(rolling, 'maxSurge')} max surge`);
  writePodTemplate(w, fieldsAt(object, 'spec', 'template'));
  writeConditions(w, object);
  const sets = yield* ownedSets(context, object);
  const newest = newestSet(object, sets);
  const old = sets.filter((set) => set !== newest).sort((a, b) => Number(textAt(a, 'metadata', 'annotations', revisionAnnotation)) - Number(textAt(b, 'metadata', 'annotations', revisionAnnotation)));
  w.line(0, `OldReplicaSets:\t${setsText(old)}`);
  w.line(0, `NewReplicaSet:\t${setsText(newest ? [newest] : [])}`);
  return w;
};

/** kubectl describe replicaset and replicationcontroller */
export const describeReplicaSet: Describer = function* (context, object) {
  const w = new Writer();
  const isController = object['kind'] === 'ReplicationController';
  const selector = isController ? mapSelector(at(object, 'spec', 'selector')) : selectorText(at(object, 'spec', 'selector'));
  writeHead(w, object, [['Selector', selector]]);
  writeLabels(w, object);
  writeAnnotations(w, object);
  const owner = controllerOf(object);
  if (owner !== '') w.line(0, `Controlled By:\t${owner}`);
  w.line(0, `Replicas:\t${numberAt(object, 'status', 'replicas')} current / ${specReplicas(object)} desired`);
  w.line(0, `Pods Status:\t${yield* podCounts(context, object, selector)}`);
  writePodTemplate(w, fieldsAt(object, 'spec', 'template'));
  writeConditions(w, object);
  return w;
};

/** kubectl describe daemonset */
export const describeDaemonSet: Describer = function* (context, object) {
  const w = new Writer();
  const selector = selectorText(at(object, 'spec', 'selector'));
  const status = fieldsAt(object, 'status');
  writeHead(w, object, [['Selector', selector], ['Node-Selector', mapSelector(at(object, 'spec', 'template', 'spec', 'nodeSelector'))]]);
  writeLabels(w, object);
  writeAnnotations(w, object);
  w.line(0, `Desired Number of Nodes Scheduled: ${numberAt(status, 'desiredNumberScheduled')}`);
  w.line(0, `Current Number of Nodes Scheduled: ${numberAt(status, 'currentNumberScheduled')}`);
  w.line(0, `Number of Nodes Scheduled with Up-to-date Pods: ${numberAt(status, 'updatedNumberScheduled')}`);
  w.line(0, `Number of Nodes Scheduled with Available Pods: ${numberAt(status, 'numberAvailable')}`);
  w.line(0, `Number of Nodes Misscheduled: ${numberAt(status, 'numberMisscheduled')}`);
  w.line(0, `Pods Status:\t${yield* podCounts(context, object, selector)}`);
  writePodTemplate(w, fieldsAt(object, 'spec', 'template'));
  return w;
};

/** kubectl describe statefulset */
export const describeStatefulSet: Describer = function* (context, object) {
  const w = new Writer();
  const selector = selectorText(at(object, 'spec', 'selector'));
  writeHead(w, object, [['CreationTimestamp', shownTime(textAt(object, 'metadata', 'creationTimestamp'))], ['Selector', selector]]);
  writeLabels(w, object);
  writeAnnotations(w, object);
  w.line(0, `Replicas:\t${specReplicas(object)} desired | ${numberAt(object, 'status', 'replicas')} total`);
  w.line(0, `Update Strategy:\t${textAt(object, 'spec', 'updateStrategy', 'type')}`);
  const rolling = fieldsAt(object, 'spec', 'updateStrategy', 'rollingUpdate');
  if (rolling && rolling['partition'] !== undefined) w.line(1, `Partition:\t${textAt(rolling, 'partition')}`);
  if (rolling && rolling['maxUnavailable'] !== undefined) w.line(1, `MaxUnavailable:\t${textAt(rolling, 'maxUnavailable')}`);
  w.line(0, `Pods Status:\t${yield* podCounts(context, object, selector)}`);
  writePodTemplate(w, fieldsAt(object, 'spec', 'template'));
  writeClaims(w, listAt(object, 'spec', 'volumeClaimTemplates'));
  return w;
};

function writeClaims(w: Writer, claims: readonly Fields[]): void {
  if (claims.length === 0) return w.line(0, 'Volume Claims:\t<none>');
  w.line(0, 'Volume Claims:');
  for (const claim of claims) {
    w.line(1, `Name:\t${nameOf(claim)}`);
    w.line(1, `StorageClass:\t${textAt(claim, 'spec', 'storageClassName')}`);
    writeMap(w, 1, 'Labels', mapAt(claim, 'metadata', 'labels'));
    writeMap(w, 1, 'Annotations', mapAt(claim, 'metadata', 'annotations'));
    w.line(1, `Capacity:\t${textAt(claim, 'spec', 'resources', 'requests', 'storage') || '<default>'}`);
    w.line(1, `Access Modes:\t[${textsAt(claim, 'spec', 'accessModes').join(' ')}]`);
  }
}
