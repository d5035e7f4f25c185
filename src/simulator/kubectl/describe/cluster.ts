import { type Amount, parseQuantity, zeroAmount } from '../../api';
import { resourcePath } from '../api/mapper';
import { queryText } from '../api/rest';
import { isNotFound } from '../errors';
import { at, fieldsAt, listAt, mapAt, nameOf, namespaceOf, textAt, textsAt, type Fields } from '../fields';
import { podMapping } from '../pods/of-target';
import { ageOf } from './events';
import type { Describer } from './describer';
import { shownTime, writeAnnotations, writeLabels, Writer } from './writer';

const scopeTexts: Readonly<Record<string, string>> = {
  Terminating: 'Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively terminated by the system.',
  NotTerminating: 'Matches all pods that do not have an active deadline. These pods usually include long running pods whose container command is not expected to terminate.',
  BestEffort: 'Matches all pods that do not have resource requirements set. These pods have a best effort quality of service.',
  NotBestEffort: 'Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed quality of service.',
};

function quotaRows(quota: Fields): string[][] {
  return mapAt(quota, 'status', 'hard').map(([name, hard]) => [name, textAt(quota, 'status', 'used', name), hard]);
}

/** kubectl describe resourcequota */
export const describeQuota: Describer = function* (_context, quota) {
  const w = new Writer();
  w.line(0, `Name:\t${nameOf(quota)}`);
  w.line(0, `Namespace:\t${namespaceOf(quota)}`);
  const scopes = textsAt(quota, 'spec', 'scopes');
  if (scopes.length > 0) {
    w.line(0, `Scopes:\t${scopes.join(', ')}`);
    for (const scope of [...scopes].sort()) if (scopeTexts[scope] !== undefined) w.line(0, ` * ${scopeTexts[scope]}`);
  }
  w.line(0, 'Resource\tUsed\tHard');
  w.line(0, '--------\t----\t----');
  for (const row of quotaRows(quota)) w.line(0, row.join('\t'));
  return w;
};

function limitRows(limits: Fields): string[][] {
  return listAt(limits, 'spec', 'limits').flatMap((item) => {
    const of = (key: string, name: string) => textAt(item, key, name) || '-';
    const names = new Set(['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'].flatMap((key) => mapAt(item, key).map(([name]) => name)));
    return [...names].map((name) => [textAt(item, 'type'), name, of('min', name), of('max', name), of('defaultRequest', name), of('default', name), of('maxLimitRequestRatio', name)]);
  });
}

const limitTitles = 'Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio';
const limitLines = '----\t--------\t---\t---\t---------------\t-------------\t-----------------------';

/** kubectl describe limitrange */
export const describeLimits: Describer = function* (_context, limits) {
  const w = new Writer();
  w.line(0, `Name:\t${nameOf(limits)}`);
  w.line(0, `Namespace:\t${namespaceOf(limits)}`);
  w.line(0, limitTitles);
  w.line(0, limitLines);
  for (const row of limitRows(limits)) w.line(0, row.join('\t'));
  return w;
};

/** kubectl describe namespace */
export const describeNamespace: Describer = function* ({ session }, namespace) {
  const w = new Writer();
  w.line(0, `Name:\t${nameOf(namespace)}`);
  writeLabels(w, namespace);
  writeAnnotations(w, namespace);
  w.line(0, `Status:\t${textAt(namespace, 'status', 'phase')}`);
  const conditions = listAt(namespace, 'status', 'conditions');
  if (conditions.length > 0) {
    w.line(0, 'Conditions:');
    w.line(1, 'Type\tStatus\tLastTransitionTime\tReason\tMessage');
    w.line(1, '----\t------\t------------------\t------\t-------');
    for (const one of conditions) w.line(1, `${textAt(one, 'type')}\t${textAt(one, 'status')}\t${shownTime(textAt(one, 'lastTransitionTime'))}\t${textAt(one, 'reason')}\t${textAt(one, 'message')}`);
  }
  const quotas = listAt(yield* session.rest.get(`/api/v1/namespaces/${nameOf(namespace)}/resourcequotas`), 'items');
  if (quotas.length === 0) w.line(0, '\nNo resource quota.');
  else {
    w.line(0, '\nResource Quotas');
    for (const quota of quotas) {
      w.line(1, `Name:\t${nameOf(quota)}`);
      const scopes = textsAt(quota, 'spec', 'scopes');
      if (scopes.length > 0) {
        w.line(1, `Scopes:\t${scopes.join(', ')}`);
        for (const scope of [...scopes].sort()) if (scopeTexts[scope] !== undefined) w.line(1, `* ${scopeTexts[scope]}`);
      }
      w.line(1, 'Resource\tUsed\tHard');
      w.line(1, '--------\t---\t---');
      for (const row of quotaRows(quota)) w.line(1, row.join('\t'));
    }
  }
  const limits = listAt(yield* session.rest.get(`/api/v1/namespaces/${nameOf(namespace)}/limitranges`), 'items');
  if (limits.length === 0) w.line(0, '\nNo LimitRange resource.');
  else {
    w.line(0, '\nResource Limits');
    w.line(0, ` ${limitTitles}`);
    w.line(0, ` ${limitLines}`);
    for (const row of limits.flatMap(limitRows)) w.line(0, ` ${row.join('\t')}`);
  }
  return w;
};

type Totals = ReadonlyMap<string, { readonly request: Amount; readonly limit: Amount }>;

/** Requests and limits of a Pod: its containers, or what an init container needs if that is more. */
function podTotals(pod: Fields): Totals {
  const totals = new Map<string, { request: Amount; limit: Amount }>();
  const of = (container: Fields, kind: string) => new Map(mapAt(container, 'resources', kind).map(([name, text]) => [name, parseQuantity(text)]));
  const change = (container: Fields, join: (a: Amount, b: Amount) => Amount) => {
    for (const kind of ['requests', 'limits'] as const) {
      for (const [name, amount] of of(container, kind)) {
        const known = totals.get(name) ?? { request: zeroAmount, limit: zeroAmount };
        const key = kind === 'requests' ? 'request' : 'limit';
        totals.set(name, { ...known, [key]: join(known[key], amount) });
      }
    }
  };
  const spec = fieldsAt(pod, 'spec');
  for (const container of listAt(spec, 'containers')) change(container, (a, b) => a.add(b));
  for (const container of listAt(spec, 'initContainers')) {
    if (container['restartPolicy'] === 'Always') change(container, (a, b) => a.add(b));
    else change(container, (a, b) => (a.compare(b) < 0 ? b : a));
  }
  for (const [kind, key] of [['requests', 'request'], ['limits', 'limit']] as const) {
    for (const [name, text] of mapAt(spec, 'resources', kind)) totals.set(name, { ...(totals.get(name) ?? { request: zeroAmount, limit: zeroAmount }), [key]: parseQuantity(text) });
  }
  for (const [name, text] of mapAt(spec, 'overhead')) {
    const known = totals.get(name) ?? { request: zeroAmount, limit: zeroAmount };
    totals.set(name, { request: known.request.add(parseQuantity(text)), limit: known.limit.sign === 0 ? known.limit : known.limit.add(parseQuantity(text)) });
  }
  return totals;
}

function shareText(amount: Amount, allocatable: Amount, inMilli: boolean): string {
  const whole = inMilli ? allocatable.milliValue() : allocatable.value();
  const part = inMilli ? amount.milliValue() : amount.value();
  return `${amount.toString()} (${whole === 0 ? 0 : Math.trunc((part / whole) * 100)}%)`;
}

function writeAllocations(w: Writer, node: Fields, pods: readonly Fields[], now: number): void {
  const allocatable = fieldsAt(node, 'status', 'allocatable') ?? fieldsAt(node, 'status', 'capacity') ?? {};
  const room = (name: string) => (allocatable[name] === undefined ? zeroAmount : parseQuantity(textAt(allocatable, name)));
  const none = { request: zeroAmount, limit: zeroAmount };
  w.line(0, `Non-terminated Pods:\t(${pods.length} in total)`);
  w.line(1, 'Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge');
  w.line(1, '---------\t----\t\t------------\t----------\t---------------\t-------------\t---');
  const sums = new Map<string, { request: Amount; limit: Amount }>();
  for (const pod of pods) {
    const totals = podTotals(pod);
    const cell = (name: string, key: 'request' | 'limit') => shareText((totals.get(name) ?? none)[key], room(name), name === 'cpu');
    w.line(1, `${namespaceOf(pod)}\t${nameOf(pod)}\t\t${cell('cpu', 'request')}\t${cell('cpu', 'limit')}\t${cell('memory', 'request')}\t${cell('memory', 'limit')}\t${ageOf(textAt(pod, 'metadata', 'creationTimestamp'), now)}`);
    for (const [name, { request, limit }] of totals) {
      const known = sums.get(name) ?? none;
      sums.set(name, { request: known.request.add(request), limit: known.limit.add(limit) });
    }
  }
  w.line(0, 'Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)');
  w.line(1, 'Resource\tRequests\tLimits');
  w.line(1, '--------\t--------\t------');
  const basic = ['cpu', 'memory', 'ephemeral-storage'];
  const huge = Object.keys(allocatable).filter((name) => name.startsWith('hugepages-'));
  const extended = Object.keys(allocatable).filter((name) => !basic.includes(name) && !huge.includes(name) && name !== 'pods' && name.includes('/'));
  for (const name of [...basic, ...huge.sort()]) {
    const { request, limit } = sums.get(name) ?? none;
    w.line(1, `${name}\t${shareText(request, room(name), name === 'cpu')}\t${shareText(limit, room(name), name === 'cpu')}`);
  }
  for (const name of extended.sort()) {
    const { request, limit } = sums.get(name) ?? none;
    w.line(1, `${name}\t${request.toString()}\t${limit.toString()}`);
  }
}

const systemInfo = [['Machine ID', 'machineID'], ['System UUID', 'systemUUID'], ['Boot ID', 'bootID'], ['Kernel Version', 'kernelVersion'], ['OS Image', 'osImage'], ['Operating System', 'operatingSystem'], ['Architecture', 'architecture'], ['Container Runtime Version', 'containerRuntimeVersion'], ['Kubelet Version', 'kubeletVersion']] as const;

/** A node's roles, from its labels. */
function rolesOf(node: Fields): string {
  const roles = mapAt(node, 'metadata', 'labels').flatMap(([key, value]) => (key.startsWith('node-role.kubernetes.io/') ? [key.slice('node-role.kubernetes.io/'.length)] : key === 'kubernetes.io/role' && value !== '' ? [value] : []));
  return roles.filter((role) => role !== '').sort().join(',') || '<none>';
}

const taintText = (taint: Fields): string => `${textAt(taint, 'key')}${textAt(taint, 'value') === '' ? '' : `=${textAt(taint, 'value')}`}:${textAt(taint, 'effect')}`;

/** kubectl describe node */
export const describeNode: Describer = function* ({ session }, node) {
  const w = new Writer();
  const name = nameOf(node);
  const now = session.host.now();
  w.line(0, `Name:\t${name}`);
  w.line(0, `Roles:\t${rolesOf(node)}`);
  writeLabels(w, node);
  writeAnnotations(w, node);
  w.line(0, `CreationTimestamp:\t${shownTime(textAt(node, 'metadata', 'creationTimestamp'))}`);
  w.line(0, `Taints:\t${listAt(node, 'spec', 'taints').map(taintText).join('\n\t') || '<none>'}`);
  w.line(0, `Unschedulable:\t${at(node, 'spec', 'unschedulable') === true}`);
  try {
    const lease = yield* session.rest.get(`/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${name}`);
    w.line(0, 'Lease:');
    w.line(1, `HolderIdentity:\t${textAt(lease, 'spec', 'holderIdentity') || '<unset>'}`);
    w.line(1, `AcquireTime:\t${shownTime(textAt(lease, 'spec', 'acquireTime')) || '<unset>'}`);
    w.line(1, `RenewTime:\t${shownTime(textAt(lease, 'spec', 'renewTime')) || '<unset>'}`);
  } catch (error) {
    if (isNotFound(error)) w.line(0, 'Lease:\tFailed to get lease: ' + (error as Error).message);
    else throw error;
  }
  const conditions = listAt(node, 'status', 'conditions');
  if (conditions.length > 0) {
    w.line(0, 'Conditions:');
    w.line(1, 'Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage');
    w.line(1, '----\t------\t-----------------\t------------------\t------\t-------');
    for (const one of conditions) w.line(1, `${textAt(one, 'type')} \t${textAt(one, 'status')} \t${shownTime(textAt(one, 'lastHeartbeatTime'))} \t${shownTime(textAt(one, 'lastTransitionTime'))} \t${textAt(one, 'reason')} \t${textAt(one, 'message')}`);
  }
  w.line(0, 'Addresses:');
  for (const address of listAt(node, 'status', 'addresses')) w.line(1, `${textAt(address, 'type')}:\t${textAt(address, 'address')}`);
  for (const [title, key] of [['Capacity', 'capacity'], ['Allocatable', 'allocatable']] as const) {
    if (mapAt(node, 'status', key).length === 0) continue;
    w.line(0, `${title}:`);
    for (const [resource, quantity] of mapAt(node, 'status', key)) w.line(1, `${resource}:\t${quantity}`);
  }
  w.line(0, 'System Info:');
  for (const [title, key] of systemInfo) w.line(1, `${title}:\t${textAt(node, 'status', 'nodeInfo', key)}`);
  if (textAt(node, 'spec', 'podCIDR') !== '') w.line(0, `PodCIDR:\t${textAt(node, 'spec', 'podCIDR')}`);
  if (textsAt(node, 'spec', 'podCIDRs').length > 0) w.line(0, `PodCIDRs:\t${textsAt(node, 'spec', 'podCIDRs').join(',')}`);
  if (textAt(node, 'spec', 'providerID') !== '') w.line(0, `ProviderID:\t${textAt(node, 'spec', 'providerID')}`);
  const query = queryText({ fieldSelector: `spec.nodeName=${name},status.phase!=Succeeded,status.phase!=Failed`, limit: 500 });
  const pods = listAt(yield* session.rest.get(`${resourcePath(podMapping, undefined)}${query}`), 'items');
  writeAllocations(w, node, pods, now);
  return w;
};
