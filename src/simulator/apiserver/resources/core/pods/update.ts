import type { Container, Pod, PodSpec, Toleration } from '../../../../api';
import { type Errors, inclusiveRange, type FieldError, type Path, quoteValue } from '../../../field';
import { sameValue } from '../../equality';
import { internalView } from '../../internal-view';
import { checkNodeSelectorTerm, checkPodSpec } from '../../pod-spec';
import { collect, specPath } from '../../strategy';
import { qosClass } from './qos';
import { unifiedDiff } from '../../unified-diff';

const onlyThese =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),' +
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

const podSpecType = 'io.k8s.api.core.v1.PodSpec';

/** What an update may not change, as a diff of the server's own structs. */
function forbidOtherChanges(allowed: PodSpec, old: PodSpec, message: string, errors: Errors): void {
  if (sameValue(allowed, old)) return;
  const text = (spec: PodSpec) => JSON.stringify(internalView(podSpecType, spec), undefined, 1);
  errors.forbidden(specPath, `${message}\n${unifiedDiff(text(old), text(allowed))}`);
}

const withImagesOf = (containers: readonly Container[] | undefined, old: readonly Container[] | undefined): readonly Container[] | undefined =>
  containers?.map((container, index) => ({ ...container, image: old?.[index]?.image ?? '' }));

function isPadded(image: string): boolean {
  return image.trim() !== image;
}

function checkImages(containers: readonly Container[], path: Path, errors: Errors): void {
  for (const [index, { image = '' }] of containers.entries()) {
    const at = path.index(index).child('image');
    if (image === '') errors.required(at);
    else if (isPadded(image)) errors.invalid(at, image, 'must not have leading or trailing whitespace');
  }
}

function checkDeadline(now: number | undefined, before: number | undefined, errors: Errors): void {
  const path = specPath.child('activeDeadlineSeconds');
  if (now !== undefined) {
    if (now < 0 || now > 2_147_483_647) return errors.invalid(path, now, inclusiveRange(0, 2_147_483_647));
    if (before !== undefined && before < now) errors.invalid(path, now, 'must be less than or equal to previous value');
  } else if (before !== undefined) errors.invalid(path, null, 'must not update from a positive integer to nil value');
}

function checkTolerationsKept(now: readonly Toleration[], before: readonly Toleration[], errors: Errors): void {
  for (const old of before) {
    const kept = now.some((toleration) => sameValue({ ...toleration, tolerationSeconds: undefined }, { ...old, tolerationSeconds: undefined }));
    if (!kept) return errors.forbidden(specPath.child('tolerations'), 'existing toleration can not be modified except its tolerationSeconds');
  }
}

function checkGates(spec: PodSpec, old: PodSpec, errors: Errors): void {
  const before = new Set(old.schedulingGates?.map(({ name }) => name));
  for (const [index, { name }] of (spec.schedulingGates ?? []).entries()) {
    if (!before.has(name)) errors.forbidden(specPath.child('schedulingGates').index(index).child('name'), `only deletion is allowed, but found new scheduling gate '${name}'`);
  }
}

/** While gates hold a Pod back, its node selector and affinity may get narrower (KEP-3838). */
function narrowed(spec: PodSpec, old: PodSpec, errors: Errors): PodSpec {
  const out: Record<string, unknown> = { ...spec };
  if (!sameValue(spec.nodeSelector, old.nodeSelector)) {
    for (const key in old.nodeSelector) {
      if (spec.nodeSelector?.[key] !== old.nodeSelector[key]) {
        errors.invalid(specPath.child('nodeSelector'), spec.nodeSelector ?? null, 'only additions to spec.nodeSelector are allowed (no mutations or deletions)');
        break;
      }
    }
    out['nodeSelector'] = old.nodeSelector;
  }
  const now = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const before = old.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (!sameValue(now, before)) {
    const path = specPath.child('affinity').child('nodeAffinity').child('requiredDuringSchedulingIgnoredDuringExecution').child('nodeSelectorTerms');
    const terms = now?.nodeSelectorTerms ?? [];
    const oldTerms = before?.nodeSelectorTerms ?? [];
    if (before !== undefined && terms.length !== oldTerms.length) errors.invalid(path, terms, 'no additions/deletions to non-empty NodeSelectorTerms list are allowed');
    for (const [index, term] of terms.entries()) checkNodeSelectorTerm(term, path.index(index), errors);
    const required = before === undefined ? {} : { requiredDuringSchedulingIgnoredDuringExecution: before };
    const nodeAffinity = { ...spec.affinity?.nodeAffinity, ...required };
    if (before === undefined) delete (nodeAffinity as Record<string, unknown>)['requiredDuringSchedulingIgnoredDuringExecution'];
    out['affinity'] = old.affinity === undefined ? undefined : { ...spec.affinity, nodeAffinity: sameValue(nodeAffinity, {}) ? old.affinity.nodeAffinity : nodeAffinity };
  }
  return out as unknown as PodSpec;
}

/** Checks an update of a Pod itself. */
export function validatePodUpdate(pod: Pod, old: Pod): FieldError[] {
  return collect((errors) => {
    const spec = pod.spec as PodSpec;
    const before = old.spec as PodSpec;
    if (spec === before) return;
    checkPodSpec(spec, specPath, true, errors);
    if (spec.containers.length !== before.containers.length) return errors.forbidden(specPath.child('containers'), 'pod updates may not add or remove containers');
    if ((spec.initContainers ?? []).length !== (before.initContainers ?? []).length) return errors.forbidden(specPath.child('initContainers'), 'pod updates may not add or remove containers');
    checkImages(spec.containers, specPath.child('containers'), errors);
    checkImages(spec.initContainers ?? [], specPath.child('initContainers'), errors);
    checkDeadline(spec.activeDeadlineSeconds, before.activeDeadlineSeconds, errors);
    const gates = errors.length;
    checkGates(spec, before, errors);
    if (errors.length > gates) return;
    checkTolerationsKept(spec.tolerations ?? [], before.tolerations ?? [], errors);
    const gated = (before.schedulingGates ?? []).length > 0;
    forbidOtherChanges(allowedChanges(gated ? narrowed(spec, before, errors) : spec, before), before, onlyThese, errors);
  });
}

/** The new spec with everything that may change put back. */
function allowedChanges(spec: PodSpec, old: PodSpec): PodSpec {
  const containers = withImagesOf(spec.containers, old.containers) ?? [];
  const initContainers = withImagesOf(spec.initContainers, old.initContainers);
  const out: Record<string, unknown> = { ...spec, containers, initContainers, activeDeadlineSeconds: old.activeDeadlineSeconds, schedulingGates: old.schedulingGates, tolerations: old.tolerations };
  if ((old.terminationGracePeriodSeconds ?? 0) < 0 && spec.terminationGracePeriodSeconds === 1) out['terminationGracePeriodSeconds'] = old.terminationGracePeriodSeconds;
  for (const key in out) if (out[key] === undefined) delete out[key];
  return out as unknown as PodSpec;
}

const resizable = new Set(['cpu', 'memory']);

/** The same containers with only what may be resized taken from `other`. */
function withOtherResources(containers: readonly Container[] | undefined, others: readonly Container[] | undefined): unknown {
  return containers?.map(({ resources }, index) => {
    const part = (kind: 'requests' | 'limits') => {
      const amounts = { ...(resources?.[kind] as Readonly<Record<string, unknown>> | undefined) };
      const before = (others?.[index]?.resources?.[kind] ?? {}) as Readonly<Record<string, unknown>>;
      for (const name of resizable) {
        delete amounts[name];
        if (before[name] !== undefined) amounts[name] = before[name];
      }
      return amounts;
    };
    return { requests: part('requests'), limits: part('limits') };
  });
}

const resourcesOf = (containers: readonly Container[] | undefined): unknown => containers?.map(({ resources }) => ({ requests: resources?.requests ?? {}, limits: resources?.limits ?? {} }));

/** Checks an update through pods/resize (KEP-1287). */
export function validateResize(pod: Pod, old: Pod): FieldError[] {
  return collect((errors) => {
    const spec = pod.spec as PodSpec;
    const before = old.spec as PodSpec;
    checkPodSpec(spec, specPath, true, errors);
    if (qosClass(spec) !== qosClass(before)) errors.invalid(specPath, qosClass(before), 'Pod QOS Class may not change as a result of resizing');
    for (const list of ['containers', 'initContainers'] as const) {
      if ((spec[list] ?? []).length !== (before[list] ?? []).length) return errors.forbidden(specPath.child(list), `${list === 'containers' ? 'containers' : 'initContainers'} may not be added or removed on resize`);
    }
    if (errors.length > 0) return;
    for (const list of ['containers', 'initContainers'] as const) {
      if (!sameValue(withOtherResources(spec[list], before[list]), resourcesOf(before[list]))) return errors.forbidden(specPath, 'only cpu and memory resources are mutable');
    }
  });
}

/** Checks an update through pods/ephemeralcontainers: what is there stays as it is. */
export function validateEphemeralContainers(pod: Pod, old: Pod): FieldError[] {
  return collect((errors) => {
    const spec = pod.spec as PodSpec;
    checkPodSpec(spec, specPath, true, errors);
    const path = specPath.child('ephemeralContainers');
    const now = spec.ephemeralContainers ?? [];
    for (const before of old.spec?.ephemeralContainers ?? []) {
      const same = now.find(({ name }) => name === before.name);
      if (!same) errors.forbidden(path, `existing ephemeral containers ${quoteValue(before.name)} may not be removed\n`);
      else if (!sameValue(same, before)) {
        const type = 'io.k8s.api.core.v1.EphemeralContainer';
        const text = (value: object) => JSON.stringify(internalView(type, value), undefined, 1);
        errors.forbidden(path, `existing ephemeral containers ${quoteValue(before.name)} may not be changed\n${unifiedDiff(text(before), text(same))}`);
      }
    }
  });
}
