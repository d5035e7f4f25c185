import { parseAllDocuments } from 'yaml';
import type { Pod } from '../api';
import { deepFreeze } from '../api';
import { type Client, type Informer, isApiFailure, resources } from '../client';
import { formatTime, type Kernel, seconds, sleep, type Task, utf8Decode } from '../kernel';
import type { FileTree } from '../runtime';
import type { NodeFacts } from './facts';

/** Seconds between two looks at the folder. */
const checkEvery = 20;
const mirrorAnnotation = 'kubernetes.io/config.mirror';

/** FNV-1a, twice 64 bits wide, as text: the identity of a manifest's content. */
function digest(text: string): string {
  let out = '';
  for (let seed = 0; seed < 4; seed++) {
    let hash = (2_166_136_261 ^ (seed * 0x9e3779b9)) >>> 0;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16_777_619) >>> 0;
    out += hash.toString(16).padStart(8, '0');
  }
  return out;
}

/** Manifests by their text, as they were read: every cluster has those of the control plane. */
const manifests = new Map<string, Pod | undefined>();
const rememberLimit = 100;

function readManifest(text: string): Pod | undefined {
  if (manifests.has(text)) return manifests.get(text);
  const document = parseAllDocuments(text, { version: '1.1', merge: true })[0];
  const manifest = !document || 'empty' in document || document.errors.length > 0 ? undefined : deepFreeze(document.toJS() as Pod | null) ?? undefined;
  if (manifests.size >= rememberLimit) manifests.clear();
  manifests.set(text, manifest);
  return manifest;
}

/** What the kubelet makes of a manifest: a Pod of this node, bound already. (kubernetes.io: Create static Pods) */
export function podFromManifest(text: string, facts: NodeFacts, now: number): Pod | undefined {
  const manifest = readManifest(text);
  if (!manifest?.spec?.containers || !manifest.metadata?.name) return undefined;
  const hash = digest(`${facts.name}\n${text}`);
  const containers = manifest.spec.containers.map((container) => ({ imagePullPolicy: 'IfNotPresent', terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File', ...container }));
  return deepFreeze({
    ...manifest,
    metadata: {
      ...manifest.metadata,
      name: `${manifest.metadata.name}-${facts.name}`,
      namespace: manifest.metadata.namespace ?? 'default',
      uid: hash,
      annotations: { ...manifest.metadata.annotations, 'kubernetes.io/config.hash': hash, 'kubernetes.io/config.seen': formatTime(now), 'kubernetes.io/config.source': 'file' },
    },
    spec: {
      restartPolicy: 'Always', terminationGracePeriodSeconds: 30, dnsPolicy: 'ClusterFirst', enableServiceLinks: false, ...manifest.spec,
      containers, nodeName: facts.name, tolerations: [...(manifest.spec.tolerations ?? []), { effect: 'NoExecute', operator: 'Exists' }],
    },
  }) as unknown as Pod;
}

const sameBytes = (one: Uint8Array, other: Uint8Array): boolean => one.length === other.length && one.every((byte, index) => byte === other[index]);

/** What to do when a manifest comes or goes. */
export interface StaticPodSink {
  added(pod: Pod): void;
  removed(pod: Pod): void;
}

/** Watches the manifests folder and keeps, for each static Pod, its mirror in the API. */
export class StaticPods {
  private readonly pods = new Map<string, { bytes: Uint8Array; pod: Pod }>();

  constructor(private readonly kernel: Kernel, private readonly client: Client, private readonly facts: NodeFacts, private readonly host: FileTree, private readonly sink: StaticPodSink, private readonly api: Informer<Pod>) {}

  /** Runs until cancelled. Mirrors are tried again every second until the API server has them. */
  *watch(): Task {
    for (let count = 0; ; count++) {
      if (count % checkEvery === 0) this.read();
      let missing = false;
      for (const { pod } of this.pods.values()) missing = !(yield* this.mirror(pod)) || missing;
      if (!missing) count = checkEvery - 1;
      yield* sleep(missing ? seconds(1) : seconds(checkEvery));
    }
  }

  /** Whether a static Pod of this node has this key: namespace/name. */
  owns(key: string): boolean {
    return [...this.pods.values()].some(({ pod }) => `${pod.metadata?.namespace}/${pod.metadata?.name}` === key);
  }

  /** Whether the API's Pod is the mirror of one of this node's. */
  isMirror(pod: Pod): boolean {
    return pod.metadata?.annotations?.[mirrorAnnotation] !== undefined;
  }

  /** The mirror was deleted or does not match: it is made again. False when that has to be tried once more. */
  *mirror(pod: Pod): Task<boolean> {
    if (!this.api.synced) return false;
    const { namespace, name = '' } = pod.metadata ?? {};
    const hash = pod.metadata?.uid ?? '';
    const there = this.api.get(namespace, name);
    try {
      if (there && there.metadata?.annotations?.[mirrorAnnotation] === hash && !there.metadata.deletionTimestamp) return true;
      if (there) {
        yield* this.client.delete(resources.pods, namespace, name, { gracePeriodSeconds: 0, preconditions: { uid: there.metadata?.uid ?? '' } });
      }
      const node = yield* this.client.get(resources.nodes, undefined, this.facts.name);
      const { uid: _, ...metadata } = pod.metadata ?? {};
      yield* this.client.create(resources.pods, namespace, deepFreeze({
        ...pod,
        metadata: {
          ...metadata,
          annotations: { ...metadata.annotations, [mirrorAnnotation]: hash },
          ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: this.facts.name, uid: node.metadata?.uid ?? '', controller: true }],
        },
      }) as never);
      return true;
    } catch (error) {
      if (!isApiFailure(error)) throw error;
      return false;
    }
  }

  private read(): void {
    const folder = this.facts.manifests;
    const names = this.host.exists(folder) ? this.host.list(folder).filter((name) => /\.(ya?ml|json)$/.test(name) && !name.startsWith('.')) : [];
    const seen = new Set(names);
    for (const [name, { pod }] of [...this.pods]) {
      if (seen.has(name)) continue;
      this.pods.delete(name);
      this.sink.removed(pod);
    }
    for (const name of names) {
      const bytes = this.host.readFile(`${folder}/${name}`);
      const known = this.pods.get(name);
      if (known && sameBytes(known.bytes, bytes)) continue;
      const pod = podFromManifest(utf8Decode(bytes), this.facts, this.kernel.now);
      if (known) this.sink.removed(known.pod);
      this.pods.delete(name);
      if (!pod) continue;
      this.pods.set(name, { bytes, pod });
      this.sink.added(pod);
    }
  }
}
