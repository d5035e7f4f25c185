import { parseQuantity } from '../../api';
import { at, fieldsAt, listAt, mapAt, numberAt, textAt, textsAt, type Fields } from '../fields';
import { probeText } from './probes';
import { shownTime, type Writer } from './writer';

/** How an environment variable's reference is shown for a live pod; undefined for templates. */
export type Resolve = (reference: Fields) => string;

/** `Containers:` and everything in it, of a pod or, indented, of a pod template. */
export function writeContainers(w: Writer, title: string, containers: readonly Fields[], statuses: readonly Fields[], resolve: Resolve | undefined, template = false): void {
  const byName = new Map(statuses.map((status) => [textAt(status, 'name'), status]));
  const lead = template ? '  ' : '';
  w.line(0, `${lead}${title}:${containers.length === 0 ? ' <none>' : ''}`);
  for (const container of containers) {
    const name = textAt(container, 'name');
    w.line(0, `${template ? '   ' : '  '}${name}:`);
    writeContainer(container, byName.get(name), resolve, (text) => w.line(2, text), (text) => w.line(3, text));
  }
}

function writeContainer(container: Fields, status: Fields | undefined, resolve: Resolve | undefined, write: Line, deep: Line): void {
  if (status) write(`Container ID:\t${textAt(status, 'containerID')}`);
  write(`Image:\t${textAt(container, 'image')}`);
  if (status) write(`Image ID:\t${textAt(status, 'imageID')}`);
  const ports = listAt(container, 'ports');
  const several = ports.length > 1 ? 's' : '';
  write(`Port${several}:\t${stringOrNone(ports.map((port) => portText(port, 'containerPort')).join(', '))}`);
  write(`Host Port${several}:\t${stringOrNone(ports.map((port) => portText(port, 'hostPort')).join(', '))}`);
  const profile = fieldsAt(container, 'securityContext', 'seccompProfile');
  if (profile) {
    write(`SeccompProfile:\t${textAt(profile, 'type')}`);
    if (textAt(profile, 'type') === 'Localhost') deep(`LocalhostProfile:\t${textAt(profile, 'localhostProfile')}`);
  }
  for (const [key, words] of [['Command', textsAt(container, 'command')], ['Args', textsAt(container, 'args')]] as const) {
    if (words.length === 0) continue;
    write(`${key}:`);
    for (const word of words) for (const part of word.split('\n')) deep(part);
  }
  if (status) writeStatus(status, write, deep);
  writeResources(container, write, deep);
  for (const [title, key] of [['Liveness', 'livenessProbe'], ['Readiness', 'readinessProbe'], ['Startup', 'startupProbe']] as const) {
    const probe = fieldsAt(container, key);
    if (probe) write(`${title}:\t${probeText(probe)}`);
  }
  writeEnvironment(container, resolve, write, deep);
  writeMounts(container, write, deep);
}

const stringOrNone = (text: string): string => (text === '' ? '<none>' : text);

function portText(port: Fields, key: 'containerPort' | 'hostPort'): string {
  const name = textAt(port, 'name');
  return `${numberAt(port, key)}/${textAt(port, 'protocol') || 'TCP'}${name === '' ? '' : ` (${name})`}`;
}

type Line = (text: string) => void;

function writeStatus(status: Fields, write: Line, deep: Line): void {
  writeState('State', fieldsAt(status, 'state') ?? {}, write, deep);
  const last = fieldsAt(status, 'lastState') ?? {};
  if (fieldsAt(last, 'terminated')) writeState('Last State', last, write, deep);
  write(`Ready:\t${at(status, 'ready') === true ? 'True' : 'False'}`);
  write(`Restart Count:\t${numberAt(status, 'restartCount')}`);
}

function writeState(title: string, state: Fields, write: Line, deep: Line): void {
  const { running, terminated } = state as { running?: Fields; terminated?: Fields };
  const waiting = fieldsAt(state, 'waiting');
  if (running) {
    write(`${title}:\tRunning`);
    deep(`Started:\t${shownTime(textAt(running, 'startedAt'))}`);
  } else if (waiting || !terminated) {
    write(`${title}:\tWaiting`);
    if (textAt(waiting, 'reason') !== '') deep(`Reason:\t${textAt(waiting, 'reason')}`);
  } else {
    write(`${title}:\tTerminated`);
    if (textAt(terminated, 'reason') !== '') deep(`Reason:\t${textAt(terminated, 'reason')}`);
    if (textAt(terminated, 'message') !== '') deep(`Message:\t${textAt(terminated, 'message')}`);
    deep(`Exit Code:\t${numberAt(terminated, 'exitCode')}`);
    if (numberAt(terminated, 'signal') > 0) deep(`Signal:\t${numberAt(terminated, 'signal')}`);
    deep(`Started:\t${shownTime(textAt(terminated, 'startedAt')) || 'Mon, 01 Jan 0001 00:00:00 +0000'}`);
    deep(`Finished:\t${shownTime(textAt(terminated, 'finishedAt')) || 'Mon, 01 Jan 0001 00:00:00 +0000'}`);
  }
}

/** Limits and requests of a container or a pod. */
export function writeResources(holder: Fields, write: Line, deep: Line): void {
  for (const [title, key] of [['Limits', 'limits'], ['Requests', 'requests']] as const) {
    const pairs = mapAt(holder, 'resources', key);
    if (pairs.length === 0) continue;
    write(`${title}:`);
    for (const [name, quantity] of pairs) deep(`${name}:\t${quantity}`);
  }
}

function writeEnvironment(container: Fields, resolve: Resolve | undefined, write: Line, deep: Line): void {
  const sources = listAt(container, 'envFrom');
  if (sources.length > 0) {
    write('Environment Variables from:');
    for (const source of sources) {
      const kind = fieldsAt(source, 'configMapRef') ? 'ConfigMap' : 'Secret';
      const reference = fieldsAt(source, kind === 'ConfigMap' ? 'configMapRef' : 'secretRef');
      const prefix = textAt(source, 'prefix');
      deep(`${textAt(reference, 'name')}\t${kind}${prefix === '' ? '' : ` with prefix '${prefix}'`}\tOptional: ${at(reference, 'optional') === true}`);
    }
  }
  const variables = listAt(container, 'env');
  if (variables.length === 0) return write('Environment:\t<none>');
  write('Environment:');
  for (const variable of variables) {
    const name = textAt(variable, 'name');
    const from = fieldsAt(variable, 'valueFrom');
    if (!from) {
      const [first = '', ...rest] = textAt(variable, 'value').split('\n');
      deep(`${name}:\t${first}`);
      for (const more of rest) deep(`\t${more}`);
    } else deep(`${name}:\t${referenceText(from, container, resolve)}`);
  }
}

function referenceText(from: Fields, container: Fields, resolve: Resolve | undefined): string {
  const field = fieldsAt(from, 'fieldRef');
  if (field) return `${resolve ? resolve(field) : ''} (${textAt(field, 'apiVersion') || 'v1'}:${textAt(field, 'fieldPath')})`;
  const resource = fieldsAt(from, 'resourceFieldRef');
  if (resource) return `${resourceFieldValue(resource, container)} (${textAt(resource, 'resource')})`;
  const file = fieldsAt(from, 'fileKeyRef');
  if (file) return `<set to the key '${textAt(file, 'key')}' in file '${textAt(file, 'path')}' of volume '${textAt(file, 'volumeName')}'>\tOptional: ${at(file, 'optional') === true}`;
  const secret = fieldsAt(from, 'secretKeyRef');
  if (secret) return `<set to the key '${textAt(secret, 'key')}' in secret '${textAt(secret, 'name')}'>\tOptional: ${at(secret, 'optional') === true}`;
  const config = fieldsAt(from, 'configMapKeyRef');
  return `<set to the key '${textAt(config, 'key')}' of config map '${textAt(config, 'name')}'>\tOptional: ${at(config, 'optional') === true}`;
}

/** What a resourceFieldRef comes to: cores or bytes by the divisor, rounded up. */
function resourceFieldValue(reference: Fields, container: Fields): string {
  const [kind = '', name = ''] = textAt(reference, 'resource').split('.');
  const quantity = textAt(container, 'resources', kind, name);
  if (quantity === '') return kind === 'limits' ? 'node allocatable' : '0';
  const divisor = textAt(reference, 'divisor');
  return divided(quantity, divisor === '' || divisor === '0' ? '1' : divisor);
}

function writeMounts(container: Fields, write: Line, deep: Line): void {
  const mounts = [...listAt(container, 'volumeMounts')].sort((a, b) => (textAt(a, 'mountPath') < textAt(b, 'mountPath') ? -1 : 1));
  if (mounts.length === 0) write('Mounts:\t<none>');
  else {
    write('Mounts:');
    for (const mount of mounts) {
      const sub = textAt(mount, 'subPath');
      deep(`${textAt(mount, 'mountPath')} from ${textAt(mount, 'name')} (${at(mount, 'readOnly') === true ? 'ro' : 'rw'}${sub === '' ? '' : `,path=${JSON.stringify(sub)}`})`);
    }
  }
  const devices = listAt(container, 'volumeDevices');
  if (devices.length === 0) return;
  write('Devices:');
  for (const device of devices) deep(`${textAt(device, 'devicePath')} from ${textAt(device, 'name')}`);
}

function divided(quantity: string, divisor: string): string {
  const [amount, by] = [parseQuantity(quantity).nano, parseQuantity(divisor).nano];
  return String((amount + by - 1n) / by);
}
