import { at, fieldsAt, listAt, mapAt, textAt, type Fields } from '../fields';
import { selectorText } from '../pods/of-target';
import type { Describer } from './describer';
import { writeContainers, writeResources } from './containers';
import { ageOf } from './events';
import { writeVolumes } from './volumes';
import { controllerOf, shownTime, writeAnnotations, writeLabels, writeMap, Writer } from './writer';

/** A toleration on one line: `key=value:Effect op=Exists for 300s`. */
export function tolerationText(toleration: Fields): string {
  const [key, value, effect, operator] = ['key', 'value', 'effect', 'operator'].map((name) => textAt(toleration, name)) as [string, string, string, string];
  let text = key;
  if (value !== '') text += `=${value}`;
  if (effect !== '') text += `:${effect}`;
  if (operator === 'Exists' && value === '') text += key === '' && effect === '' ? 'op=Exists' : ' op=Exists';
  else if (operator !== '' && operator !== 'Equal' && operator !== 'Exists') text += ` op=${operator}`;
  if (at(toleration, 'tolerationSeconds') !== undefined) text += ` for ${textAt(toleration, 'tolerationSeconds')}s`;
  return text;
}

/** Tolerations, one a line, sorted by key. */
export function writeTolerations(w: Writer, tolerations: readonly Fields[], lead = ''): void {
  w.write(0, `${lead}Tolerations:\t`);
  if (tolerations.length === 0) return w.line(0, '<none>');
  const sorted = [...tolerations].sort((a, b) => (textAt(a, 'key') < textAt(b, 'key') ? -1 : textAt(a, 'key') > textAt(b, 'key') ? 1 : 0));
  sorted.forEach((toleration, index) => {
    if (index > 0) w.write(0, `${lead}\t`);
    w.line(0, tolerationText(toleration));
  });
}

function writeHead(w: Writer, pod: Fields, now: number): void {
  const spec = fieldsAt(pod, 'spec');
  const line = (key: string, value: string) => w.line(0, `${key}:\t${value}`);
  line('Name', textAt(pod, 'metadata', 'name'));
  line('Namespace', textAt(pod, 'metadata', 'namespace'));
  if (at(spec, 'priority') !== undefined) line('Priority', textAt(spec, 'priority'));
  for (const [title, key] of [['Priority Class Name', 'priorityClassName'], ['Runtime Class Name', 'runtimeClassName'], ['Service Account', 'serviceAccountName']] as const) {
    if (textAt(spec, key) !== '') line(title, textAt(spec, key));
  }
  line('Node', textAt(spec, 'nodeName') === '' ? '<none>' : `${textAt(spec, 'nodeName')}/${textAt(pod, 'status', 'hostIP')}`);
  const start = textAt(pod, 'status', 'startTime');
  if (start !== '') line('Start Time', shownTime(start));
  writeLabels(w, pod);
  writeAnnotations(w, pod);
  const deleted = textAt(pod, 'metadata', 'deletionTimestamp');
  if (deleted !== '' && !['Failed', 'Succeeded'].includes(textAt(pod, 'status', 'phase'))) {
    line('Status', `Terminating (lasts ${ageOf(deleted, now)})`);
    line('Termination Grace Period', `${textAt(pod, 'metadata', 'deletionGracePeriodSeconds')}s`);
  } else line('Status', textAt(pod, 'status', 'phase'));
  for (const [title, key] of [['Reason', 'reason'], ['Message', 'message']] as const) if (textAt(pod, 'status', key) !== '') line(title, textAt(pod, 'status', key));
  const profile = fieldsAt(spec, 'securityContext', 'seccompProfile');
  if (profile) {
    line('SeccompProfile', textAt(profile, 'type'));
    if (textAt(profile, 'type') === 'Localhost') line('LocalhostProfile', textAt(profile, 'localhostProfile'));
  }
  line('IP', textAt(pod, 'status', 'podIP'));
  const ips = listAt(pod, 'status', 'podIPs');
  if (ips.length === 0) line('IPs', '<none>');
  else {
    w.line(0, 'IPs:');
    for (const ip of ips) w.line(1, `IP:\t${textAt(ip, 'ip')}`);
  }
  const controller = controllerOf(pod);
  if (controller !== '') line('Controlled By', controller);
  if (textAt(pod, 'status', 'nominatedNodeName') !== '') line('NominatedNodeName', textAt(pod, 'status', 'nominatedNodeName'));
  if (fieldsAt(spec, 'resources')) {
    w.line(0, 'Resources:');
    writeResources(spec as Fields, (text) => w.line(1, text), (text) => w.line(2, text));
  }
}

/** The values that describe looks up for a pod's own fields. */
function fieldValue(pod: Fields): (reference: Fields) => string {
  return (reference) => {
    const path = textAt(reference, 'fieldPath');
    if (['metadata.name', 'metadata.namespace', 'metadata.uid'].includes(path)) return textAt(pod, ...path.split('.'));
    const keyed = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path);
    return keyed ? textAt(pod, 'metadata', keyed[1] as string, keyed[2] as string) : '';
  };
}

function writeConditions(w: Writer, pod: Fields): void {
  const conditions = listAt(pod, 'status', 'conditions');
  if (conditions.length === 0) return;
  w.line(0, 'Conditions:');
  w.line(1, 'Type\tStatus');
  for (const condition of conditions) w.line(1, `${textAt(condition, 'type')} \t${textAt(condition, 'status')} `);
}

function writeGates(w: Writer, pod: Fields): void {
  const gates = listAt(pod, 'spec', 'readinessGates');
  if (gates.length === 0) return;
  w.line(0, 'Readiness Gates:');
  w.line(1, 'Type\tStatus');
  for (const gate of gates) {
    const condition = listAt(pod, 'status', 'conditions').find((one) => one['type'] === gate['conditionType']);
    w.line(1, `${textAt(gate, 'conditionType')} \t${condition ? textAt(condition, 'status') : '<none>'} `);
  }
}

/** kubectl describe pod */
export const describePod: Describer = function* (context, pod) {
  const now = context.session.host.now();
  const w = new Writer();
  writeHead(w, pod, now);
  const resolve = fieldValue(pod);
  const spec = fieldsAt(pod, 'spec');
  const init = listAt(spec, 'initContainers');
  if (init.length > 0) writeContainers(w, 'Init Containers', init, listAt(pod, 'status', 'initContainerStatuses'), resolve);
  writeContainers(w, 'Containers', listAt(spec, 'containers'), listAt(pod, 'status', 'containerStatuses'), resolve);
  const ephemeral = listAt(spec, 'ephemeralContainers');
  if (ephemeral.length > 0) writeContainers(w, 'Ephemeral Containers', ephemeral, listAt(pod, 'status', 'ephemeralContainerStatuses'), resolve);
  writeGates(w, pod);
  writeConditions(w, pod);
  writeVolumes(w, listAt(spec, 'volumes'));
  w.line(0, `QoS Class:\t${textAt(pod, 'status', 'qosClass')}`);
  writeMap(w, 0, 'Node-Selectors', mapAt(spec, 'nodeSelector'));
  writeTolerations(w, listAt(spec, 'tolerations'));
  writeSpread(w, listAt(spec, 'topologySpreadConstraints'));
  return w;
};

/** Topology spread constraints, one a line, sorted by key. */
export function writeSpread(w: Writer, constraints: readonly Fields[], lead = ''): void {
  if (constraints.length === 0) return;
  const sorted = [...constraints].sort((a, b) => (textAt(a, 'topologyKey') < textAt(b, 'topologyKey') ? -1 : 1));
  w.write(0, `${lead}Topology Spread Constraints:\t`);
  sorted.forEach((constraint, index) => {
    if (index > 0) w.write(0, `${lead}\t`);
    const selector = fieldsAt(constraint, 'labelSelector');
    w.line(0, `${textAt(constraint, 'topologyKey')}:${textAt(constraint, 'whenUnsatisfiable')} when max skew ${textAt(constraint, 'maxSkew')} is exceeded${selector ? ` for selector ${selectorText(selector)}` : ''}`);
  });
}

