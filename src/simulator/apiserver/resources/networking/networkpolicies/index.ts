import { isValidPortName, type NetworkPolicy, type NetworkPolicyPeer, type NetworkPolicyPort, type NetworkPolicySpec, networkContains, cidrProblems, parseCidr } from '../../../../api';
import { type Errors, labelSelectorErrors, type Path, portNumberReasons } from '../../../field';
import { age, nameOf, selectorCell } from '../../cells';
import type { Draft, ResourceDefinition } from '../../definition';
import { checkOneOf } from '../../pod-spec';
import { bumpStrictly, collect, specPath } from '../../strategy';


function applyDefaults(draft: Draft): void {
  const spec = (draft['spec'] ??= {}) as Record<string, unknown>;
  spec['podSelector'] ??= {};
  for (const list of ['ingress', 'egress']) {
    for (const { ports = [] } of (spec[list] ?? []) as { ports?: Record<string, unknown>[] }[]) for (const port of ports) port['protocol'] ??= 'TCP';
  }
  if (((spec['policyTypes'] ?? []) as readonly string[]).length === 0) spec['policyTypes'] = ((spec['egress'] ?? []) as readonly unknown[]).length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
}

function checkPort({ protocol, port, endPort }: NetworkPolicyPort, path: Path, errors: Errors): void {
  if (protocol !== undefined) checkOneOf(protocol, ['TCP', 'UDP', 'SCTP'], path.child('protocol'), errors);
  if (port === undefined) {
    if (endPort !== undefined) errors.invalid(path.child('endPort'), endPort, 'may not be specified when `port` is not specified');
  } else if (typeof port === 'number') {
    errors.invalidEach(path.child('port'), port, portNumberReasons(port));
    if (endPort !== undefined) {
      if (endPort < port) errors.invalid(path.child('endPort'), port, 'must be greater than or equal to `port`');
      errors.invalidEach(path.child('endPort'), endPort, portNumberReasons(endPort));
    }
  } else {
    if (endPort !== undefined) errors.invalid(path.child('endPort'), endPort, 'may not be specified when `port` is non-numeric');
    errors.invalidEach(path.child('port'), port, isValidPortName(port));
  }
}

function checkPeer({ podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer, path: Path, errors: Errors): void {
  let count = 0;
  if (podSelector) {
    count += 1;
    labelSelectorErrors(podSelector, path.child('podSelector'), errors);
  }
  if (namespaceSelector) {
    count += 1;
    labelSelectorErrors(namespaceSelector, path.child('namespaceSelector'), errors);
  }
  if (ipBlock) {
    count += 1;
    checkBlock(ipBlock, path.child('ipBlock'), errors);
  }
  if (count === 0) errors.required(path, 'must specify a peer');
  else if (count > 1 && ipBlock) errors.forbidden(path, 'may not specify both ipBlock and another peer');
}

function checkBlock({ cidr, except = [] }: NonNullable<NetworkPolicyPeer['ipBlock']>, path: Path, errors: Errors): void {
  if (cidr === '') return errors.required(path.child('cidr'));
  errors.invalidEach(path.child('cidr'), cidr, cidrProblems(cidr));
  const network = parseCidr(cidr);
  if (!network) return;
  for (const [index, text] of except.entries()) {
    const at = path.child('except').index(index);
    errors.invalidEach(at, text, cidrProblems(text));
    const inner = parseCidr(text);
    if (inner && (!networkContains(network, inner.address) || inner.prefix <= network.prefix)) errors.invalid(at, text, `must be a strict subset of \`cidr\``);
  }
}

function checkSpec({ podSelector, ingress = [], egress = [], policyTypes = [] }: NetworkPolicySpec, errors: Errors): void {
  labelSelectorErrors(podSelector, specPath.child('podSelector'), errors);
  for (const [list, peers, rules] of [['ingress', 'from', ingress], ['egress', 'to', egress]] as const) {
    for (const [index, rule] of rules.entries()) {
      const at = specPath.child(list).index(index);
      for (const [portIndex, port] of (rule.ports ?? []).entries()) checkPort(port, at.child('ports').index(portIndex), errors);
      const own = (rule as Readonly<Record<string, readonly NetworkPolicyPeer[] | undefined>>)[peers] ?? [];
      for (const [peerIndex, peer] of own.entries()) checkPeer(peer, at.child(peers).index(peerIndex), errors);
    }
  }
  const at = specPath.child('policyTypes');
  if (policyTypes.length > 2) return errors.invalid(at, policyTypes, 'may not specify more than two policyTypes');
  for (const [index, type] of policyTypes.entries()) checkOneOf(type, ['Ingress', 'Egress'], at.index(index), errors);
}

/** NetworkPolicies: who may talk to which Pods. */
export const networkpolicies: ResourceDefinition<NetworkPolicy> = {
  group: 'networking.k8s.io',
  resource: 'networkpolicies',
  applyDefaults,
  prepareForCreate: (draft) => void (draft.metadata['generation'] = 1),
  validateCreate: ({ spec }) => collect((errors) => checkSpec(spec ?? {}, errors)),
  prepareForUpdate: (draft, old) => bumpStrictly(draft, old),
  validateUpdate: ({ spec }) => collect((errors) => checkSpec(spec ?? {}, errors)),
  cells: (own, now) => [nameOf(own), selectorCell(own.spec?.podSelector ?? {}), age(own, now)],
};
