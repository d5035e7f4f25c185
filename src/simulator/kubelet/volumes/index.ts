import type { PersistentVolume, PersistentVolumeClaim, Pod, Volume } from '../../api';
import { isApiFailure } from '../../client';
import type { Kernel, Task } from '../../kernel';
import type { FileTree } from '../../runtime';
import { amount } from '../downward';
import { MountError } from '../errors';
import { PayloadWriter } from './payload';
import { payloadOf, type PayloadWorld } from './sources';

export type { PayloadWorld } from './sources';

/** Where volumes come from that are not made of API objects. */
export interface VolumeWorld {
  createTree(): FileTree;
  /** The node's own file system. */
  readonly host: FileTree;
  /** What a network storage keeps under a handle, the same tree on every node. */
  storage(handle: string): FileTree;
  claim(namespace: string, name: string): Task<{ claim: PersistentVolumeClaim; volume: PersistentVolume | undefined }>;
}

/** What a container's mount leads to. */
export interface MountedVolume {
  readonly tree: FileTree;
  /** The folder of the tree that is the volume's root. */
  readonly root: string;
  /** Files made from API objects cannot be written through a mount. */
  readonly readOnly: boolean;
}

/** The volumes of one Pod. */
export class PodVolumes {
  private readonly mounted = new Map<string, MountedVolume>();
  private readonly writers = new Map<string, PayloadWriter>();

  constructor(private readonly kernel: Kernel, private readonly world: VolumeWorld) {}

  get(name: string): MountedVolume | undefined {
    return this.mounted.get(name);
  }

  /** Sets up what is missing and brings files made from API objects up to date. Throws MountError, its message as the event has it. */
  *mount(pod: Pod, payloads: PayloadWorld): Task {
    for (const volume of pod.spec?.volumes ?? []) {
      try {
        yield* this.mountOne(pod, volume, payloads);
      } catch (error) {
        if (!(error instanceof MountError) && !isApiFailure(error)) throw error;
        throw new MountError(`MountVolume.SetUp failed for volume "${volume.name}" : ${error.message}`);
      }
    }
  }

  private *mountOne(pod: Pod, volume: Volume, payloads: PayloadWorld): Task {
    const payload = yield* payloadOf(payloads, volume);
    if (payload) {
      let writer = this.writers.get(volume.name);
      if (!writer) {
        const tree = this.world.createTree();
        writer = new PayloadWriter(tree, pod.spec?.securityContext?.fsGroup);
        this.writers.set(volume.name, writer);
        this.mounted.set(volume.name, { tree, root: '/', readOnly: true });
      }
      writer.write(payload, this.kernel.now, this.kernel.random);
    } else if (!this.mounted.has(volume.name)) {
      this.mounted.set(volume.name, yield* this.open(pod, volume));
    }
  }

  private *open(pod: Pod, volume: Volume): Task<MountedVolume> {
    if (volume.emptyDir) {
      const tree = this.world.createTree();
      const limit = volume.emptyDir.sizeLimit;
      if (limit !== undefined && volume.emptyDir.medium === 'Memory') tree.sizeLimit = amount(limit);
      const gid = pod.spec?.securityContext?.fsGroup;
      tree.makeFolder('/', { mode: gid === undefined ? 0o777 : 0o2777, ...(gid !== undefined && { gid }) });
      return { tree, root: '/', readOnly: false };
    }
    if (volume.hostPath) return this.openHostPath(volume.hostPath.path, volume.hostPath.type ?? '');
    const claimName = volume.persistentVolumeClaim?.claimName ?? (volume.ephemeral ? `${pod.metadata?.name}-${volume.name}` : undefined);
    if (claimName !== undefined) return yield* this.openClaim(pod, claimName, volume.persistentVolumeClaim?.readOnly === true);
    if (volume.nfs) return { tree: this.world.storage(`nfs/${volume.nfs.server}${volume.nfs.path}`), root: '/', readOnly: volume.nfs.readOnly === true };
    throw new MountError('no volume plugin matched');
  }

  private *openClaim(pod: Pod, name: string, readOnly: boolean): Task<MountedVolume> {
    const { claim, volume } = yield* this.world.claim(pod.metadata?.namespace ?? '', name);
    if (claim.status?.phase !== 'Bound' || !volume) throw new MountError(`PersistentVolumeClaim is not bound: "${name}"`);
    const spec = volume.spec;
    if (spec?.hostPath) return { ...this.openHostPath(spec.hostPath.path, spec.hostPath.type ?? 'DirectoryOrCreate'), readOnly };
    if (spec?.local) return { ...this.openHostPath(spec.local.path, 'Directory'), readOnly };
    return { tree: this.world.storage(`pv/${volume.metadata?.uid}`), root: '/', readOnly };
  }

  private openHostPath(path: string, type: string): MountedVolume {
    const tree = this.world.host;
    if (!tree.exists(path)) {
      if (type === '' || type === 'DirectoryOrCreate') tree.makeFolder(path, { mode: 0o755 });
      else if (type === 'FileOrCreate') tree.writeFile(path, '', { mode: 0o644 });
      else throw new MountError(`hostPath type check failed: ${path} is not a ${type.toLowerCase()}`);
    }
    return { tree, root: path, readOnly: false };
  }
}
