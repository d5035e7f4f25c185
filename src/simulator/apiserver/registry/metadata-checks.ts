import type { KubeObject } from '../../api';
import type { FieldError } from '../field';
import type { ServedResource } from '../served';
import { metadataErrors, metadataUpdateErrors, type NameRule, pathSegmentRule, ruleFor } from './metadata';

/**
 * The real server checks metadata once in general, and again in the checks of most kinds, so that most causes of an update come
 * more than once: U what changed, F everything, in the order in which a kind does it, O what it says of the object by itself, C of the change.
 */
type Checks = '' | 'U' | 'F' | 'UF' | 'FU' | 'FOU' | 'UCFO' | 'FF';

interface KindChecks {
  readonly update: Checks;
  readonly status: Checks;
  /** Checks finalizers as core's kinds do: once more, one by one. */
  readonly eachFinalizer: boolean;
}

const listed: readonly (readonly [Checks, string])[] = [
  ['UF', 'endpoints persistentvolumeclaims pods serviceaccounts apps/controllerrevisions networking.k8s.io/ingresses storage.k8s.io/volumeattributesclasses apiregistration.k8s.io/apiservices node.k8s.io/runtimeclasses'],
  ['FU', 'certificates.k8s.io/certificatesigningrequests namespaces nodes storage.k8s.io/csistoragecapacities storage.k8s.io/storageclasses resource.k8s.io/deviceclasses resource.k8s.io/resourceclaims resource.k8s.io/resourceclaimtemplates'],
  ['FOU', 'batch/jobs networking.k8s.io/ipaddresses rbac.authorization.k8s.io/clusterroles rbac.authorization.k8s.io/clusterrolebindings rbac.authorization.k8s.io/roles rbac.authorization.k8s.io/rolebindings'],
  ['UCFO', 'configmaps secrets networking.k8s.io/ingressclasses'],
  ['FF', 'persistentvolumes'],
  ['F', 'limitranges storage.k8s.io/csinodes storage.k8s.io/volumeattachments discovery.k8s.io/endpointslices flowcontrol.apiserver.k8s.io/flowschemas flowcontrol.apiserver.k8s.io/prioritylevelconfigurations'],
  ['', 'events policy/poddisruptionbudgets'],
];
const updates = new Map(listed.flatMap(([checks, resources]) => resources.split(' ').map((resource) => [resource, checks] as const)));
const withoutStatusChecks = new Set(['batch/cronjobs', 'policy/poddisruptionbudgets']);
const plainFinalizers = new Set(['apiregistration.k8s.io', 'node.k8s.io', 'coordination.k8s.io', 'admissionregistration.k8s.io', 'apiextensions.k8s.io']);

const known = new WeakMap<ServedResource, KindChecks>();

function checksOf(served: ServedResource): KindChecks {
  let checks = known.get(served);
  if (checks === undefined) known.set(served, (checks = findChecks(served)));
  return checks;
}

function findChecks({ info, custom }: ServedResource): KindChecks {
  const key = info.group === '' ? info.resource : `${info.group}/${info.resource}`;
  const update = updates.get(key) ?? (info.group === 'admissionregistration.k8s.io' ? 'F' : 'U');
  return { update, status: withoutStatusChecks.has(key) ? '' : 'U', eachFinalizer: custom === undefined && !plainFinalizers.has(info.group) };
}

/** What is wrong with a new object: its metadata, then what its kind says; in general only when that is nothing. */
export function createErrors(served: ServedResource, object: KubeObject, rule: NameRule, own: () => readonly FieldError[]): readonly FieldError[] {
  const metadata = object.metadata ?? {};
  const { update, eachFinalizer } = checksOf(served);
  const errors = [...(update === '' ? [] : metadataErrors(metadata, rule, eachFinalizer)), ...own()];
  const general = update === '' || served.definition.validateName !== undefined;
  return errors.length > 0 || !general ? errors : metadataErrors(metadata, pathSegmentRule, false);
}

/** What is wrong with a changed object as its kind says: by itself, if the kind tells that apart, and besides. */
export interface OwnErrors {
  readonly whole?: readonly FieldError[];
  readonly change: readonly FieldError[];
}

/** What is wrong with a changed object: in general, then as its kind looks at metadata and itself, then what it says besides. */
export function updateErrors(served: ServedResource, subresource: string, object: KubeObject, old: KubeObject, rule: NameRule | undefined, { whole = [], change }: OwnErrors): readonly FieldError[] {
  const { metadata = {} } = object;
  const checks = checksOf(served);
  const errors = [...metadataUpdateErrors(metadata, old.metadata ?? {}, false), ...metadataErrors(metadata, pathSegmentRule, false)];
  if (errors.length === 0 && metadata.finalizers === undefined && metadata.generateName === undefined) return checks.update === 'UCFO' ? [...change, ...whole] : whole.length === 0 ? change : [...whole, ...change];
  for (const check of subresource === '' ? checks.update : checks.status) {
    if (check === 'O') errors.push(...whole);
    else if (check === 'C') errors.push(...change);
    else errors.push(...(check === 'U' ? metadataUpdateErrors(metadata, old.metadata ?? {}, checks.eachFinalizer) : metadataErrors(metadata, ruleFor(served.info.group, rule), checks.eachFinalizer)));
  }
  return checks.update.includes('C') && subresource === '' ? errors : [...errors, ...change];
}
