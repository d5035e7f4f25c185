import type { Kernel } from '../../kernel';
import { makeDevices } from '../files/dev';
import type { Inode } from '../files/inode';
import { type MountPoint, MountTable } from '../files/mounts';
import { procRoot, sysRoot } from '../files/proc';
import { Tree } from '../files/tree';
import type { Mount } from '../interface';
import type { World } from '../process/world';

let devices: Tree | undefined;

const generated = (path: string, root: Inode, world: World, source: string, type: string, options: string): MountPoint => ({ path, tree: new Tree(() => world.kernel.now, 'tmpfs'), root, readOnly: options.startsWith('ro'), source, type, options });

function devMount(world: World): MountPoint {
  const tree = new Tree(() => world.kernel.now, 'tmpfs', (devices ??= makeDevices()));
  tree.sizeLimit = 64 * 1024 ** 2;
  tree.writeFile('/termination-log', '', { mode: 0o666 });
  return { path: '/dev', tree, root: tree.root, readOnly: false, source: 'tmpfs', type: 'tmpfs', options: 'rw,nosuid,size=65536k,mode=755' };
}

function shmMount(world: World): MountPoint {
  const tree = new Tree(() => world.kernel.now, 'tmpfs', undefined, 0o1777);
  tree.sizeLimit = 64 * 1024 ** 2;
  return { path: '/dev/shm', tree, root: tree.root, readOnly: false, source: 'shm', type: 'tmpfs', options: 'rw,nosuid,nodev,noexec,relatime,size=65536k' };
}

/** What a runtime mounts into every container. */
const standard: ReadonlyMap<string, (world: World) => MountPoint> = new Map([
  ['/proc', (world: World) => generated('/proc', procRoot(world), world, 'proc', 'proc', 'rw,nosuid,nodev,noexec,relatime')],
  ['/dev', devMount],
  ['/dev/shm', shmMount],
  ['/sys', (world: World) => generated('/sys', sysRoot(world), world, 'sysfs', 'sysfs', 'ro,nosuid,nodev,noexec,relatime')],
]);

/** The same, for namespaces that learn their world after they are made: one map serves all. */
const ownedMounts: ReadonlyMap<string, (owner: never) => MountPoint> = new Map([...standard].map(([path, make]) => [path, ((owner: { world: World }) => make(owner.world)) as (owner: never) => MountPoint]));

/** The kubelet's volumes: a tree, or a folder or file within it. */
function volume(mount: Mount): MountPoint {
  const tree = mount.tree as Tree;
  let root: Inode = tree.root;
  const path = mount.subPath?.replace(/^\/+|\/+$/g, '') ?? '';
  if (path !== '') {
    if (!tree.exists(path)) tree.makeFolder(path, { mode: tree.root.mode & 0o777 });
    root = tree.find(path) ?? tree.root;
  }
  const memory = tree.kind === 'tmpfs';
  const limit = tree.sizeLimit === undefined ? '' : `,size=${Math.floor(tree.sizeLimit / 1024)}k`;
  return { path: mount.path, tree, root, readOnly: mount.readOnly ?? false, source: memory ? 'tmpfs' : '/dev/vda', type: memory ? 'tmpfs' : 'ext4', options: memory ? `rw,relatime${limit},noswap` : 'rw,relatime' };
}

/** The mount namespace of a container: its own copy of the image's tree, the standard mounts, the volumes. */
export function containerMounts(kernel: Kernel, layers: Tree, mounts: readonly Mount[], readOnlyRoot: boolean): { table: MountTable; root: Tree; bind: (world: World) => void } {
  const root = new Tree(() => kernel.now, 'overlay', layers);
  const owner: { world?: World } = {};
  const table = new MountTable({ path: '/', tree: root, root: root.root, readOnly: readOnlyRoot, source: 'overlay', type: 'overlay', options: 'rw,relatime' }, ownedMounts, owner);
  for (const mount of mounts) {
    const path = mount.path.length > 1 ? mount.path.replace(/\/+$/, '') : mount.path;
    table.add(path, () => volume({ ...mount, path }));
  }
  return {
    table,
    root,
    bind: (world) => {
      owner.world = world;
    },
  };
}
