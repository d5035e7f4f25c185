import { FolderInode, SpecialInode, SymlinkInode } from './inode';
import { Tree } from './tree';

const devices: readonly (readonly [string, string, number, number])[] = [
  ['null', 'null', 1, 3], ['zero', 'zero', 1, 5], ['full', 'full', 1, 7], ['random', 'random', 1, 8], ['urandom', 'random', 1, 9], ['tty', 'tty', 5, 0],
];
const links: readonly (readonly [string, string])[] = [['fd', '/proc/self/fd'], ['stdin', '/proc/self/fd/0'], ['stdout', '/proc/self/fd/1'], ['stderr', '/proc/self/fd/2'], ['ptmx', 'pts/ptmx']];

/** The /dev that every container's own lies over. */
export function makeDevices(): Tree {
  const tree = new Tree(() => 0, 'tmpfs');
  for (const [name, device, major, minor] of devices) tree.place(name, new SpecialInode(tree.newInode(), 0o666, 0, 'device', device, [major, minor]));
  for (const [name, target] of links) tree.place(name, new SymlinkInode(tree.newInode(), 0, target));
  for (const name of ['pts', 'mqueue']) tree.place(name, new FolderInode(tree.newInode(), 0o755, 0));
  tree.place('shm', new FolderInode(tree.newInode(), 0o1777, 0));
  return tree;
}
