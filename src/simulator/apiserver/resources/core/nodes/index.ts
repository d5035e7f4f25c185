import { isQualifiedName, isValidLabelValue, networkAddress, type Node, type NodeSpec, type NodeStatus, parseCidr, type Taint } from '../../../../api';
import { type Errors, type Path, quoteText } from '../../../field';
import { age, nameOf } from '../../cells';
import type { Draft, ResourceDefinition } from '../../definition';
import { sameValue } from '../../equality';
import { internalView } from '../../internal-view';
import { checkResourceAmount, roundAmounts } from '../../pod-spec';
import { collect, keepStatus, metadataPath, specPath, statusPath, updateStatusOnly } from '../../strategy';

const cidrExample = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';
const oneOfEach = 'may specify no more than one CIDR for each IP family';

function checkCidr(range: string, at: Path, errors: Errors): void {
  const network = parseCidr(range);
  if (!network) errors.invalid(at, range, cidrExample);
  else if (networkAddress(network).bits !== network.address.bits) errors.invalid(at, range, 'must not have bits set beyond the prefix length');
}

/** Two ranges are one of each family; more there cannot be. */
function checkFamilies(ranges: readonly string[], errors: Errors): void {
  if (ranges.length < 2) return;
  const path = specPath.child('podCIDRs');
  const bad = ranges.findIndex((range) => !parseCidr(range));
  const families = new Set(ranges.map((range) => parseCidr(range)?.address.family));
  if (ranges.length === 2 && bad >= 0) errors.internal(path, `invalid PodCIDRs. failed to check with dual stack with error:invalid CIDR[${bad}]: <nil> (invalid CIDR address: ${ranges[bad] ?? ''})`);
  if (ranges.length > 2 || bad >= 0 || families.size < 2) errors.invalid(path, ranges, oneOfEach);
}

const featureName = /^([A-Z][A-Za-z0-9]*)(\/[A-Za-z0-9]+)*$/;

/** Features are listed in order, each once. (KEP-5328) */
function checkFeatures(features: readonly string[], errors: Errors): void {
  const seen = new Set<string>();
  for (const [index, feature] of features.entries()) {
    const at = statusPath.child('declaredFeatures').index(index);
    if (seen.has(feature)) errors.duplicate(at, feature);
    else if (index > 0 && feature < (features[index - 1] as string)) errors.invalid(at, feature, 'list must be sorted alphabetically');
    seen.add(feature);
    if (!featureName.test(feature)) errors.invalid(at, feature, `invalid feature name ${quoteText(feature)}: must start with an UpperCamelCase segment, with subsequent segments separated by '/' (e.g., MyFeature or MyFeature/mySubFeature), and contain only alphanumeric characters and slashes`);
  }
}

/** Checks what a Node says to have. */
function checkAmounts(status: NodeStatus | undefined, errors: Errors): void {
  for (const list of ['capacity', 'allocatable'] as const) {
    const amounts = (status?.[list] ?? {}) as Readonly<Record<string, string>>;
    for (const name in amounts) checkResourceAmount(name, amounts[name] as string, statusPath.child(list).child(name), errors);
  }
}

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

function checkTaints(taints: readonly Taint[], errors: Errors): void {
  const path = metadataPath.child('taints');
  const seen = new Set<string>();
  for (const [index, taint] of taints.entries()) {
    const { key, value = '', effect } = taint;
    const at = path.index(index);
    errors.invalidEach(at.child('key'), key, isQualifiedName(key));
    errors.invalidEach(at.child('value'), value, isValidLabelValue(value));
    if ((effect as string) === '') errors.required(at.child('effect'));
    else if (!effects.includes(effect)) errors.notSupported(at.child('effect'), effect, effects);
    const id = `${key}:${effect}`;
    if (seen.has(id)) errors.duplicate(at, internalView('io.k8s.api.core.v1.Taint', taint), 'taints must be unique by key and effect pair');
    seen.add(id);
  }
}

function checkSpec(spec: NodeSpec, errors: Errors): void {
  checkTaints(spec.taints ?? [], errors);
  const ranges = spec.podCIDRs ?? [];
  for (const [index, range] of ranges.entries()) checkCidr(range, specPath.child('podCIDRs').index(index), errors);
  checkFamilies(ranges, errors);
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
  const range = (spec['podCIDR'] as string | undefined) ?? '';
  const ranges = (spec['podCIDRs'] ?? []) as readonly string[];
  if (range !== '' && ranges[0] !== range) spec['podCIDRs'] = [range];
  else if (range === '' && (ranges[0] ?? '') !== '') spec['podCIDR'] = ranges[0];
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
  checkTaints(node.spec?.taints ?? [], errors); // the server does so twice
  const now = node.spec ?? {};
  const before = old.spec ?? {};
  if ((before.podCIDRs ?? []).length > 0) {
    if ((now.podCIDRs ?? []).length !== (before.podCIDRs ?? []).length || !sameValue(now.podCIDRs, before.podCIDRs)) errors.forbidden(specPath.child('podCIDRs'), 'node updates may not change podCIDR except from "" to valid');
  }
  if ((now.externalID ?? '') !== (before.externalID ?? '')) errors.forbidden(specPath.child('externalID'), 'may not be updated');
  if ((before.providerID ?? '') !== '' && before.providerID !== now.providerID) errors.forbidden(specPath.child('providerID'), 'node updates may not change providerID except from "" to valid');
}

/** Nodes: the machines. */
export const nodes: ResourceDefinition<Node> = {
  group: '',
  resource: 'nodes',
  applyDefaults,
  prepareForCreate: (draft) => {
    draft['spec'] ??= {};
    const { config: _gone, ...status } = (draft['status'] ?? {}) as Record<string, unknown>;
    delete (draft['spec'] as Record<string, unknown>)['configSource'];
    draft['status'] = { ...zero, ...status };
  },
  validateCreate: ({ spec, status }) =>
    collect((errors) => {
      checkSpec(spec ?? {}, errors);
      checkFeatures(status?.declaredFeatures ?? [], errors);
    }),
  warnings: ({ spec }) => [...(spec?.configSource ? ['spec.configSource: the feature is no longer supported'] : []), ...((spec?.externalID ?? '') === '' ? [] : ['spec.externalID: this field is deprecated, and is unused by Kubernetes'])],
  prepareForUpdate: (draft, old) => {
    keepStatus(draft, old);
    if (old.spec?.configSource === undefined) delete (draft['spec'] as Record<string, unknown> | undefined)?.['configSource'];
  },
  validateUpdate: (node, old) => collect((errors) => checkUpdate(node, old, errors)),
  subresources: {
    status: {
      prepareForUpdate: (draft, old) => {
        updateStatusOnly(draft, old);
        if (old.status?.config === undefined) delete (draft['status'] as Record<string, unknown> | undefined)?.['config'];
      },
      validateUpdate: ({ status }) =>
        collect((errors) => {
          checkAmounts(status, errors);
          checkFeatures(status?.declaredFeatures ?? [], errors);
        }),
    },
  },
  allowUnconditionalUpdate: true,
  selectableFields: ({ spec }) => ({ 'spec.unschedulable': String(spec?.unschedulable ?? false) }),
  cells: (node, now) => {
    const info = node.status?.nodeInfo;
    return [nameOf(node), statusText(node), roles(node), age(node, now), info?.kubeletVersion ?? '', addressOf(node, 'InternalIP'), addressOf(node, 'ExternalIP'), known(info?.osImage), known(info?.kernelVersion), known(info?.containerRuntimeVersion)];
  },
};
