import { isQualifiedName, isValidLabelValue, type Node, type NodeSpec, parseCidr, type Taint } from '../../../../api';
import type { Errors } from '../../../field';
import { age, nameOf } from '../../cells';
import type { Draft, ResourceDefinition } from '../../definition';
import { sameValue } from '../../equality';
import { internalView } from '../../internal-view';
import { roundAmounts } from '../../pod-spec';
import { collect, keepStatus, metadataPath, specPath, updateStatusOnly } from '../../strategy';

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

function checkTaints(taints: readonly Taint[], errors: Errors): void {
  const path = metadataPath.child('taints');
  const seen = new Set<string>();
  for (const [index, { key, value = '', effect }] of taints.entries()) {
    const at = path.index(index);
    errors.invalidEach(at.child('key'), key, isQualifiedName(key));
    errors.invalidEach(at.child('value'), value, isValidLabelValue(value));
    if ((effect as string) === '') errors.required(at.child('effect'));
    else if (!effects.includes(effect)) errors.notSupported(at.child('effect'), effect, effects);
    const id = `${key}:${effect}`;
    if (seen.has(id)) errors.duplicate(at, internalView('io.k8s.api.core.v1.Taint', { key, value, effect }), 'taints must be unique by key and effect pair');
    seen.add(id);
  }
}

function checkSpec(spec: NodeSpec, errors: Errors): void {
  checkTaints(spec.taints ?? [], errors);
  const ranges = spec.podCIDRs ?? [];
  for (const [index, range] of ranges.entries()) if (!parseCidr(range)) errors.invalid(specPath.child('podCIDRs').index(index), range, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)');
  if (ranges.length > 2) errors.invalid(specPath.child('podCIDRs'), ranges, 'may specify no more than one CIDR for each IP family');
}

function applyDefaults(draft: Draft): void {
  const status = draft['status'] as Record<string, unknown> | undefined;
  if (status) {
    roundAmounts(status['capacity']);
    status['allocatable'] ??= status['capacity'] && { ...(status['capacity'] as object) };
    if (status['allocatable'] === undefined) delete status['allocatable'];
    roundAmounts(status['allocatable']);
  }
  const spec = draft['spec'] as Record<string, unknown> | undefined;
  if (!spec) return;
  const range = spec['podCIDR'] as string | undefined;
  if ((range ?? '') !== '' && spec['podCIDRs'] === undefined) spec['podCIDRs'] = [range];
}

const zero = { daemonEndpoints: { kubeletEndpoint: { Port: 0 } }, nodeInfo: { machineID: '', systemUUID: '', bootID: '', kernelVersion: '', osImage: '', containerRuntimeVersion: '', kubeletVersion: '', kubeProxyVersion: '', operatingSystem: '', architecture: '' } };

function statusText({ spec, status }: Node): string {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  const out = [ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady'];
  if (spec?.unschedulable) out.push('SchedulingDisabled');
  return out.join(',');
}

const rolePrefix = 'node-role.kubernetes.io/';

function roles({ metadata }: Node): string {
  const found = new Set<string>();
  for (const label in metadata?.labels) {
    if (label.startsWith(rolePrefix) && label.length > rolePrefix.length) found.add(label.slice(rolePrefix.length));
    else if (label === 'kubernetes.io/role' && metadata.labels[label] !== '') found.add(metadata.labels[label] as string);
  }
  return found.size === 0 ? '<none>' : [...found].sort().join(',');
}

const addressOf = ({ status }: Node, type: string): string => status?.addresses?.find((one) => one.type === type)?.address ?? '<none>';
const known = (text: string | undefined): string => ((text ?? '') === '' ? '<unknown>' : (text as string));

function checkUpdate(node: Node, old: Node, errors: Errors): void {
  checkSpec(node.spec ?? {}, errors);
  const now = node.spec ?? {};
  const before = old.spec ?? {};
  if ((before.podCIDRs ?? []).length > 0) {
    if ((now.podCIDRs ?? []).length !== (before.podCIDRs ?? []).length || !sameValue(now.podCIDRs, before.podCIDRs)) errors.forbidden(specPath.child('podCIDRs'), 'node updates may not change podCIDR except from "" to valid');
  }
  if ((before.providerID ?? '') !== '' && before.providerID !== now.providerID) errors.forbidden(specPath.child('providerID'), 'node updates may not change providerID except from "" to valid');
}

/** Nodes: the machines. */
export const nodes: ResourceDefinition<Node> = {
  group: '',
  resource: 'nodes',
  applyDefaults,
  prepareForCreate: (draft) => {
    draft['spec'] ??= {};
    const status = (draft['status'] ?? {}) as Record<string, unknown>;
    draft['status'] = { ...zero, ...status };
  },
  validateCreate: ({ spec }) => collect((errors) => checkSpec(spec ?? {}, errors)),
  prepareForUpdate: keepStatus,
  validateUpdate: (node, old) => collect((errors) => checkUpdate(node, old, errors)),
  subresources: { status: { prepareForUpdate: (draft, old) => updateStatusOnly(draft, old) } },
  allowUnconditionalUpdate: true,
  selectableFields: ({ spec }) => ({ 'spec.unschedulable': String(spec?.unschedulable ?? false) }),
  cells: (node, now) => {
    const info = node.status?.nodeInfo;
    return [nameOf(node), statusText(node), roles(node), age(node, now), info?.kubeletVersion ?? '', addressOf(node, 'InternalIP'), addressOf(node, 'ExternalIP'), known(info?.osImage), known(info?.kernelVersion), known(info?.containerRuntimeVersion)];
  },
};
