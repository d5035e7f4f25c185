import { isStatus, type PersistentVolume, type PersistentVolumeClaim } from '../../../api';
import { type Client, isDeleting, labelMatcher, matchesNodeSelector, meta, resources, withMeta } from '../../../client';
import { milliseconds, minutes, type Kernel, sleep, type Task } from '../../../kernel';
import { type NodeInfo, type PodInfo, wholeValue } from '../../cache';
import { type Plugin, type Verdict, verdict, type World } from '../../framework';

const name = 'VolumeBinding';
const wrongNode = verdict(name, true, "node(s) didn't match PersistentVolume's node affinity");
const noVolume = verdict(name, true, "node(s) didn't find available persistent volumes to bind");
const lostVolume = verdict(name, true, 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)');
const unbound = verdict(name, true, 'pod has unbound immediate PersistentVolumeClaims');
const noProvisioner = 'kubernetes.io/no-provisioner';
const bindCompleted = 'pv.kubernetes.io/bind-completed';
const boundByController = 'pv.kubernetes.io/bound-by-controller';
const selectedNode = 'volume.kubernetes.io/selected-node';

interface Claims {
  readonly bound: readonly PersistentVolumeClaim[];
  /** They wait for a Pod's node to be known. */
  readonly waiting: readonly PersistentVolumeClaim[];
}

const isBound = (claim: PersistentVolumeClaim): boolean => !!claim.spec?.volumeName && claim.metadata?.annotations?.[bindCompleted] !== undefined;

function sortClaims(pod: PodInfo, world: World): Claims | Verdict | undefined {
  const bound: PersistentVolumeClaim[] = [];
  const waiting: PersistentVolumeClaim[] = [];
  let immediate = false;
  for (const volume of pod.spec?.volumes ?? []) {
    const claimName = volume.persistentVolumeClaim?.claimName ?? (volume.ephemeral && `${pod.name}-${volume.name}`);
    if (!claimName) continue;
    const claim = world.claims.get(pod.namespace, claimName);
    if (!claim) return verdict(name, true, volume.ephemeral ? `waiting for ephemeral volume controller to create the persistentvolumeclaim "${claimName}"` : `persistentvolumeclaim "${claimName}" not found`);
    if (isDeleting(claim)) return verdict(name, true, `persistentvolumeclaim "${claimName}" is being deleted`);
    if (claim.status?.phase === 'Lost') return verdict(name, true, `persistentvolumeclaim "${claimName}" bound to non-existent persistentvolume "${claim.spec?.volumeName ?? ''}"`);
    if (isBound(claim)) bound.push(claim);
    else if (world.classes.get(undefined, claim.spec?.storageClassName ?? '')?.volumeBindingMode === 'WaitForFirstConsumer' && !claim.spec?.volumeName) waiting.push(claim);
    else immediate = true;
  }
  if (immediate) return unbound;
  return bound.length + waiting.length === 0 ? undefined : { bound, waiting };
}

const allows = ({ spec }: PersistentVolume, node: NodeInfo): boolean => !spec?.nodeAffinity?.required || matchesNodeSelector(spec.nodeAffinity.required, node.node);

/** Whether a volume is free and has what the claim asks for. */
function suits(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const { spec, status } = volume;
  const wanted = claim.spec;
  if (isDeleting(volume) || (spec?.storageClassName ?? '') !== (wanted?.storageClassName ?? '')) return false;
  if (spec?.claimRef) {
    if (spec.claimRef.namespace !== meta(claim).namespace || spec.claimRef.name !== meta(claim).name || (spec.claimRef.uid && spec.claimRef.uid !== meta(claim).uid)) return false;
  } else if (status?.phase !== 'Available' && status?.phase !== undefined && status.phase !== 'Pending') return false;
  if ((spec?.volumeMode ?? 'Filesystem') !== (wanted?.volumeMode ?? 'Filesystem')) return false;
  if (wanted?.selector && !labelMatcher(wanted.selector)(volume.metadata?.labels)) return false;
  if (!(wanted?.accessModes ?? []).every((mode) => spec?.accessModes?.includes(mode))) return false;
  return wholeValue(spec?.capacity?.['storage']) >= wholeValue(wanted?.resources?.requests?.['storage']);
}

type Match = { readonly claim: PersistentVolumeClaim; readonly volume: PersistentVolume | undefined };

/** For each waiting claim the smallest volume that suits and is reachable from the node, or one to be made; undefined if one has none. */
function matchOn(node: NodeInfo, waiting: readonly PersistentVolumeClaim[], { volumes, classes }: World, reserved: ReadonlySet<string>): Match[] | undefined {
  const taken = new Set(reserved);
  const out: Match[] = [];
  for (const claim of waiting) {
    let best: PersistentVolume | undefined;
    for (const volume of volumes.store.values()) {
      if (taken.has(meta(volume).name) || !suits(volume, claim) || !allows(volume, node)) continue;
      if (!best || wholeValue(volume.spec?.capacity?.['storage']) < wholeValue(best.spec?.capacity?.['storage'])) best = volume;
    }
    const provisioner = classes.get(undefined, claim.spec?.storageClassName ?? '')?.provisioner;
    if (!best && (provisioner === undefined || provisioner === noProvisioner)) return undefined;
    if (best) taken.add(meta(best).name);
    out.push({ claim, volume: best });
  }
  return out;
}

/** Binds claims that waited for their Pod's node, and holds Pods to the nodes that reach their volumes. */
export function volumeBinding(kernel: Kernel, client: Client): Plugin {
  const reserved = new Set<string>();

  function* bind(matches: readonly Match[], node: NodeInfo, world: World): Task {
    for (const { claim, volume } of matches) {
      if (volume) {
        const { name: claimName, namespace, uid, resourceVersion } = meta(claim);
        const claimRef = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name: claimName, namespace, uid, resourceVersion };
        yield* client.update<PersistentVolume>(resources.persistentvolumes, withMeta({ ...volume, spec: { ...volume.spec, claimRef } }, { annotations: { ...volume.metadata?.annotations, [boundByController]: 'yes' } }));
      } else {
        yield* client.update<PersistentVolumeClaim>(resources.persistentvolumeclaims, withMeta(claim, { annotations: { ...claim.metadata?.annotations, [selectedNode]: node.name } }));
      }
    }
    const deadline = kernel.now + minutes(10);
    const done = () => matches.every(({ claim }) => {
      const now = world.claims.get(meta(claim).namespace, meta(claim).name);
      return now !== undefined && isBound(now);
    });
    for (let wait = milliseconds(10); !done(); wait = Math.min(wait * 2, milliseconds(1000))) {
      if (kernel.now >= deadline) throw new BindingTimeout('binding volumes: timed out waiting for the condition');
      yield* sleep(wait);
    }
  }

  return {
    name,
    prepareFilter(pod, world) {
      if (!pod.spec?.volumes) return undefined;
      const claims = sortClaims(pod, world);
      if (!claims || 'reasons' in claims) return claims;
      const volumes = claims.bound.map((claim) => world.volumes.get(undefined, claim.spec?.volumeName ?? ''));
      return {
        filter(node) {
          for (const volume of volumes) {
            if (!volume) return lostVolume;
            if (!allows(volume, node)) return wrongNode;
          }
          return matchOn(node, claims.waiting, world, reserved) ? undefined : noVolume;
        },
      };
    },
    reserve(pod, node, world) {
      const claims = sortClaims(pod, world);
      if (!claims || 'reasons' in claims || claims.waiting.length === 0) return undefined;
      const matches = matchOn(node, claims.waiting, world, reserved) ?? [];
      const names = matches.flatMap(({ volume }) => (volume ? [meta(volume).name] : []));
      for (const volume of names) reserved.add(volume);
      return {
        release: () => names.forEach((volume) => reserved.delete(volume)),
        prepare: () => bind(matches, node, world),
      };
    },
    mayHelp: (event) => event.kind === 'storage' || (event.kind === 'node' && event.action !== 'delete'),
  };
}

/** Volumes did not get bound in time. */
export class BindingTimeout extends Error {
  override readonly name = 'BindingTimeout';
}

/** Whether a binding failed in a way that another try may mend. */
export const isRetriable = (error: unknown): boolean => error instanceof BindingTimeout || isStatus(error);
