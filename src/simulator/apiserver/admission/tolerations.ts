import type { Node, Taint, Toleration } from '../../api';
import type { AdmissionPlugin } from './plugin';
import { on, podSpecOf, resources } from './request';

const lost = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];

const fiveMinutes = new Map(lost.map((key) => [key, Object.freeze<Toleration>({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 })]));

const tolerates = (tolerations: readonly Toleration[], key: string): boolean =>
  tolerations.some((one) => ((one.key ?? '') === key || (one.key ?? '') === '') && ((one.effect as string | undefined) === 'NoExecute' || ((one.effect as string | undefined) ?? '') === ''));

/** Pods stay on a lost node for five minutes, unless they say otherwise. */
export const defaultTolerationSeconds: AdmissionPlugin = {
  name: 'DefaultTolerationSeconds',
  handles: on(['CREATE', 'UPDATE'], '', 'pods'),
  mutate(attributes) {
    const spec = podSpecOf(attributes);
    if (!spec) return;
    const tolerations = spec.tolerations ?? [];
    const missing = lost.filter((key) => !tolerates(tolerations, key));
    if (missing.length === 0) return;
    (spec as Record<string, unknown>)['tolerations'] = [...tolerations, ...missing.map((key) => fiveMinutes.get(key))];
  },
};

const notReady: Taint = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };

/** A new node takes no Pods until it is ready. */
export const taintNodesByCondition: AdmissionPlugin = {
  name: 'TaintNodesByCondition',
  handles: on(['CREATE'], '', 'nodes'),
  mutate({ object }) {
    if (!object) return;
    const spec = (object['spec'] ??= {}) as { taints?: readonly Taint[] };
    if (spec.taints?.some(({ key, effect }) => key === notReady.key && effect === notReady.effect)) return;
    spec.taints = [...(spec.taints ?? []), { ...notReady }];
  },
};

const topologyLabels = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region'];

const onNewPods = on(['CREATE'], '', 'pods');
const onBindings = on(['CREATE'], '', 'pods', 'binding');

/** A Pod that is bound to a node carries where the node is (KEP-4742). */
export const podTopologyLabels: AdmissionPlugin = {
  name: 'PodTopologyLabels',
  handles: (target) => onNewPods(target) || onBindings(target),
  mutate(attributes, context) {
    const { object } = attributes;
    if (!object) return;
    const target = attributes.subresource === 'binding' ? (object['target'] as { readonly name?: string } | undefined)?.name : podSpecOf(attributes)?.nodeName;
    if (target === undefined || target === '') return;
    const labels = context.get<Node>(resources.nodes, undefined, target)?.metadata?.labels ?? {};
    const found = topologyLabels.filter((label) => labels[label] !== undefined);
    if (found.length === 0) return;
    object.metadata['labels'] = { ...(object.metadata['labels'] as object | undefined), ...Object.fromEntries(found.map((label) => [label, labels[label]])) };
  },
};
