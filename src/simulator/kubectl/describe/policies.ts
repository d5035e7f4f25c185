import { at, fieldsAt, listAt, mapAt, nameOf, namespaceOf, numberAt, textAt, textsAt, type Fields } from '../fields';
import { selectorText } from '../pods/of-target';
import type { Describer } from './describer';
import { requestSubject } from './signing-request';
import { shownGoTime, shownTime, writeAnnotations, writeLabels, Writer } from './writer';

const selectorOrNone = (selector: unknown): string => selectorText(selector) || '<none>';

function writePeers(w: Writer, rules: readonly Fields[], ports: string, peers: 'from' | 'to', isolated: string, none: string): void {
  if (rules.length === 0) return w.line(0, `    ${isolated}`);
  rules.forEach((rule, index) => {
    const listed = listAt(rule, 'ports');
    if (listed.length === 0) w.line(0, `    ${ports}: <any> (traffic allowed to all ports)`);
    for (const port of listed) {
      const protocol = textAt(port, 'protocol') || 'TCP';
      const end = textAt(port, 'endPort');
      w.line(0, end === '' ? `    ${ports}: ${textAt(port, 'port') || '<any>'}/${protocol}` : `    ${ports} Range: ${textAt(port, 'port')}-${end}/${protocol}`);
    }
    const title = peers === 'from' ? 'From' : 'To';
    const listedPeers = listAt(rule, peers);
    if (listedPeers.length === 0) w.line(0, `    ${title}: <any> (traffic not restricted by ${none})`);
    for (const peer of listedPeers) writePeer(w, title, peer);
    if (index < rules.length - 1) w.line(0, '    ----------');
  });
}

function writePeer(w: Writer, title: string, peer: Fields): void {
  w.line(0, `    ${title}:`);
  const block = fieldsAt(peer, 'ipBlock');
  if (block) {
    w.line(0, '      IPBlock:');
    w.line(0, `        CIDR: ${textAt(block, 'cidr')}`);
    w.line(0, `        Except: ${textsAt(block, 'except').join(', ')}`);
    return;
  }
  if (fieldsAt(peer, 'namespaceSelector')) w.line(0, `      NamespaceSelector: ${selectorOrNone(peer['namespaceSelector'])}`);
  if (fieldsAt(peer, 'podSelector')) w.line(0, `      PodSelector: ${selectorOrNone(peer['podSelector'])}`);
}

/** kubectl describe networkpolicy */
export const describeNetworkPolicy: Describer = function* (_context, policy) {
  const w = new Writer();
  const spec = fieldsAt(policy, 'spec');
  const types = textsAt(spec, 'policyTypes');
  w.line(0, `Name:\t${nameOf(policy)}`);
  w.line(0, `Namespace:\t${namespaceOf(policy)}`);
  w.line(0, `Created on:\t${shownGoTime(textAt(policy, 'metadata', 'creationTimestamp'))}`);
  writeLabels(w, policy);
  writeAnnotations(w, policy);
  w.line(0, 'Spec:');
  const selector = selectorText(at(spec, 'podSelector'));
  w.line(0, `  PodSelector:     ${selector === '' ? '<none> (Allowing the specific traffic to all pods in this namespace)' : selector}`);
  if (types.includes('Ingress')) {
    w.line(0, '  Allowing ingress traffic:');
    writePeers(w, listAt(spec, 'ingress'), 'To Port', 'from', '<none> (Selected pods are isolated for ingress connectivity)', 'source');
  } else w.line(0, '  Not affecting ingress traffic');
  if (types.includes('Egress')) {
    w.line(0, '  Allowing egress traffic:');
    writePeers(w, listAt(spec, 'egress'), 'To Port', 'to', '<none> (Selected pods are isolated for egress connectivity)', 'destination');
  } else w.line(0, '  Not affecting egress traffic');
  w.line(0, `  Policy Types: ${types.join(', ')}`);
  return w;
};

/** kubectl describe poddisruptionbudget */
export const describeBudget: Describer = function* (_context, budget) {
  const w = new Writer();
  const spec = fieldsAt(budget, 'spec');
  w.line(0, `Name:\t${nameOf(budget)}`);
  w.line(0, `Namespace:\t${namespaceOf(budget)}`);
  if (at(spec, 'minAvailable') !== undefined) w.line(0, `Min available:\t${textAt(spec, 'minAvailable')}`);
  else if (at(spec, 'maxUnavailable') !== undefined) w.line(0, `Max unavailable:\t${textAt(spec, 'maxUnavailable')}`);
  w.line(0, `Selector:\t${fieldsAt(spec, 'selector') ? selectorText(at(spec, 'selector')) : '<unset>'}`);
  w.line(0, 'Status:');
  for (const [title, key] of [['Allowed disruptions', 'disruptionsAllowed'], ['Current', 'currentHealthy'], ['Desired', 'desiredHealthy'], ['Total', 'expectedPods']] as const) w.line(2, `${title}:\t${numberAt(budget, 'status', key)}`);
  return w;
};

const targetText = (target: unknown): string => textAt(target, 'averageValue') || textAt(target, 'value');

function metricLine(spec: Fields, current: Fields | undefined): string {
  const type = textAt(spec, 'type');
  const key = `${type.charAt(0).toLowerCase()}${type.slice(1)}`;
  const source = fieldsAt(spec, key);
  const target = fieldsAt(source, 'target');
  const now = fieldsAt(current, key, 'current');
  const value = (name: string) => textAt(now, name) || '<unknown>';
  switch (type) {
    case 'Resource':
    case 'ContainerResource': {
      const what = type === 'Resource' ? `resource ${textAt(source, 'name')} on pods` : `resource ${textAt(source, 'name')} of container "${textAt(source, 'container')}" on pods`;
      if (at(target, 'averageValue') !== undefined) return `${what}:\t${value('averageValue')} / ${textAt(target, 'averageValue')}`;
      const used = now && at(now, 'averageUtilization') !== undefined ? `${textAt(now, 'averageUtilization')}% (${textAt(now, 'averageValue')})` : '<unknown>';
      return `${what}  (as a percentage of request):\t${used} / ${at(target, 'averageUtilization') === undefined ? '<auto>' : `${textAt(target, 'averageUtilization')}%`}`;
    }
    case 'Pods':
      return `"${textAt(source, 'metric', 'name')}" on pods:\t${value('averageValue')} / ${targetText(target)}`;
    case 'Object':
      return `"${textAt(source, 'metric', 'name')}" on ${textAt(source, 'describedObject', 'kind')}/${textAt(source, 'describedObject', 'name')} (target ${textAt(target, 'type') === 'AverageValue' ? 'average value' : 'value'}):\t${value(textAt(target, 'type') === 'AverageValue' ? 'averageValue' : 'value')} / ${targetText(target)}`;
    case 'External':
      return `"${textAt(source, 'metric', 'name')}" (target ${at(target, 'averageValue') !== undefined ? 'average value' : 'value'}):\t${value(at(target, 'averageValue') !== undefined ? 'averageValue' : 'value')} / ${targetText(target)}`;
    default:
      return `<unknown metric type "${type}">`;
  }
}

function writeBehavior(w: Writer, title: string, rules: Fields | undefined): void {
  if (!rules) return;
  w.line(1, `${title}:`);
  if (at(rules, 'stabilizationWindowSeconds') !== undefined) w.line(2, `Stabilization Window: ${textAt(rules, 'stabilizationWindowSeconds')} seconds`);
  const policies = listAt(rules, 'policies');
  if (policies.length === 0) return;
  w.line(2, `Select Policy: ${textAt(rules, 'selectPolicy') || 'Max'}`);
  w.line(2, 'Policies:');
  for (const policy of policies) w.line(3, `- Type: ${textAt(policy, 'type')}\tValue: ${textAt(policy, 'value')}\tPeriod: ${textAt(policy, 'periodSeconds')} seconds`);
}

/** kubectl describe horizontalpodautoscaler */
export const describeAutoscaler: Describer = function* (_context, scaler) {
  const w = new Writer();
  const spec = fieldsAt(scaler, 'spec');
  const status = fieldsAt(scaler, 'status');
  w.line(0, `Name:\t${nameOf(scaler)}`);
  w.line(0, `Namespace:\t${namespaceOf(scaler)}`);
  writeLabels(w, scaler);
  writeAnnotations(w, scaler);
  w.line(0, `CreationTimestamp:\t${shownTime(textAt(scaler, 'metadata', 'creationTimestamp'))}`);
  w.line(0, `Reference:\t${textAt(spec, 'scaleTargetRef', 'kind')}/${textAt(spec, 'scaleTargetRef', 'name')}`);
  w.line(0, 'Metrics:\t( current / target )');
  listAt(spec, 'metrics').forEach((metric, index) => w.line(1, metricLine(metric, listAt(status, 'currentMetrics')[index])));
  w.line(0, `Min replicas:\t${textAt(spec, 'minReplicas') || '<unset>'}`);
  w.line(0, `Max replicas:\t${textAt(spec, 'maxReplicas')}`);
  const behavior = fieldsAt(spec, 'behavior');
  if (behavior) {
    w.line(0, 'Behavior:');
    writeBehavior(w, 'Scale Up', fieldsAt(behavior, 'scaleUp'));
    writeBehavior(w, 'Scale Down', fieldsAt(behavior, 'scaleDown'));
  }
  w.line(0, `${textAt(spec, 'scaleTargetRef', 'kind')} pods:\t${numberAt(status, 'currentReplicas')} current / ${numberAt(status, 'desiredReplicas')} desired`);
  const conditions = listAt(status, 'conditions');
  if (conditions.length > 0) {
    w.line(0, 'Conditions:');
    w.line(1, 'Type\tStatus\tReason\tMessage');
    w.line(1, '----\t------\t------\t-------');
    for (const one of conditions) w.line(1, `${textAt(one, 'type')}\t${textAt(one, 'status')}\t${textAt(one, 'reason')}\t${textAt(one, 'message')}`);
  }
  return w;
};

/** kubectl describe certificatesigningrequest */
export const describeSigningRequest: Describer = function* (_context, request) {
  const w = new Writer();
  w.line(0, `Name:\t${nameOf(request)}`);
  w.line(0, `Labels:\t${mapAt(request, 'metadata', 'labels').map(([key, value]) => `${key}=${value}`).join('\n\t') || '<none>'}`);
  w.line(0, `Annotations:\t${mapAt(request, 'metadata', 'annotations').map(([key, value]) => `${key}=${value}`).join('\n\t') || '<none>'}`);
  w.line(0, `CreationTimestamp:\t${shownTime(textAt(request, 'metadata', 'creationTimestamp'))}`);
  w.line(0, `Requesting User:\t${textAt(request, 'spec', 'username')}`);
  if (textAt(request, 'spec', 'signerName') !== '') w.line(0, `Signer:\t${textAt(request, 'spec', 'signerName')}`);
  if (at(request, 'spec', 'expirationSeconds') !== undefined) w.line(0, `Requested Duration:\t${textAt(request, 'spec', 'expirationSeconds')}s`);
  const conditions = listAt(request, 'status', 'conditions').map((one) => textAt(one, 'type'));
  const issued = textAt(request, 'status', 'certificate') === '' ? [] : ['Issued'];
  w.line(0, `Status:\t${[...conditions, ...issued].join(',') || 'Pending'}`);
  const subject = requestSubject(textAt(request, 'spec', 'request'));
  w.line(0, 'Subject:');
  w.line(0, `         Common Name:\t${subject.commonName}`);
  w.line(0, `         Serial Number:\t${subject.serialNumber}`);
  if (subject.organization !== '') w.line(0, `         Organization:\t${subject.organization}`);
  return w;
};

