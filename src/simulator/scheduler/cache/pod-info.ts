import type { Pod, PodAffinityTerm, PodSpec } from '../../api';
import { labelMatcher, type LabelMatcher, meta } from '../../client';
import { type Amounts, amountsOf, podAmounts, runningContainers, scoredAmounts } from './requests';

/** A host port that a Pod takes. */
export interface HostPort {
  readonly ip: string;
  readonly protocol: string;
  readonly port: number;
}

/** A term of Pod affinity, ready to be asked. */
export interface AffinityTerm {
  readonly topologyKey: string;
  readonly matches: LabelMatcher;
  /** Says which namespaces and labels it selects: terms with the same key select the same Pods. */
  readonly key: string;
  readonly namespaces: readonly string[];
  readonly namespaceSelector: LabelMatcher | undefined;
  /** Of preferred terms. */
  readonly weight: number;
}

/** What does not change as long as a Pod's spec does not. */
interface SpecInfo {
  readonly requests: Amounts;
  readonly scored: Amounts;
  readonly ports: readonly HostPort[];
}

/** A Pod as the scheduler works with it. */
export interface PodInfo extends SpecInfo {
  readonly pod: Pod;
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly priority: number;
  readonly spec: PodSpec | undefined;
  readonly affinity: readonly AffinityTerm[];
  readonly antiAffinity: readonly AffinityTerm[];
  readonly preferred: readonly AffinityTerm[];
  readonly terminating: boolean;
}

const specs = new WeakMap<object, SpecInfo>();
const infos = new WeakMap<Pod, PodInfo>();
const none: readonly never[] = [];
const noLabels = {};

function specInfo(spec: PodSpec | undefined): SpecInfo {
  const key = spec?.containers;
  const known = key && specs.get(key);
  if (known) return known;
  const ports: HostPort[] = [];
  for (const container of runningContainers(spec)) {
    for (const { hostPort, hostIP, protocol = 'TCP' } of container.ports ?? none) if (hostPort) ports.push({ ip: hostIP || '0.0.0.0', protocol, port: hostPort });
  }
  const info: SpecInfo = { requests: podAmounts(spec, (resources) => amountsOf(resources?.requests)), scored: scoredAmounts(spec), ports };
  // The containers decide, unless something outside them does too.
  if (key && !spec.initContainers?.length && !spec.overhead && !spec.resources) specs.set(key, info);
  return info;
}

function affinityTerm(term: PodAffinityTerm, pod: Pod, weight: number): AffinityTerm {
  const { namespaces = [], namespaceSelector, topologyKey, labelSelector } = term;
  const own = namespaces.length === 0 && !namespaceSelector ? [meta(pod).namespace] : namespaces;
  return {
    topologyKey, weight, namespaces: own,
    namespaceSelector: namespaceSelector && labelMatcher(namespaceSelector),
    matches: labelMatcher(labelSelector),
    key: JSON.stringify([own, namespaceSelector, labelSelector]),
  };
}

/** The Pod as the scheduler works with it; made once for each version of a Pod. */
export function podInfo(pod: Pod): PodInfo {
  const known = infos.get(pod);
  if (known) return known;
  const { affinity } = pod.spec ?? {};
  const near = affinity?.podAffinity;
  const far = affinity?.podAntiAffinity;
  const { requests, scored, ports } = specInfo(pod.spec);
  const info: PodInfo = {
    requests, scored, ports, pod, uid: meta(pod).uid, name: meta(pod).name, namespace: meta(pod).namespace,
    labels: pod.metadata?.labels ?? noLabels,
    priority: pod.spec?.priority ?? 0,
    spec: pod.spec,
    affinity: near?.requiredDuringSchedulingIgnoredDuringExecution?.map((term) => affinityTerm(term, pod, 0)) ?? none,
    antiAffinity: far?.requiredDuringSchedulingIgnoredDuringExecution?.map((term) => affinityTerm(term, pod, 0)) ?? none,
    preferred: near || far ? [
      ...(near?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm, weight }) => affinityTerm(podAffinityTerm, pod, weight)),
      ...(far?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm, weight }) => affinityTerm(podAffinityTerm, pod, -weight)),
    ] : none,
    terminating: pod.metadata?.deletionTimestamp !== undefined,
  };
  infos.set(pod, info);
  return info;
}

/** Whether `term` is about `other`. */
export function termMatches(term: AffinityTerm, other: PodInfo, namespaceLabels: (name: string) => Readonly<Record<string, string>> | undefined): boolean {
  const there = term.namespaces.includes(other.namespace) || (term.namespaceSelector !== undefined && term.namespaceSelector(namespaceLabels(other.namespace)));
  return there && term.matches(other.labels);
}
