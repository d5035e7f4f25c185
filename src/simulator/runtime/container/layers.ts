import type { Time } from '../../kernel';
import { Content } from '../files/content';
import { FileInode, SymlinkInode } from '../files/inode';
import { Tree } from '../files/tree';
import type { Image } from '../interface';
import { programFile } from '../process/execute';
import type { Executable } from '../process/program';

/** An image as a node holds it: its frozen file tree and its programs by key. Made once for all nodes. */
export interface ImageLayers {
  readonly tree: Tree;
  readonly programs: ReadonlyMap<string, Executable>;
}

const made = new WeakMap<Image, ImageLayers>();

function putFiles(tree: Tree, files: NonNullable<Image['files']>, time: Time): void {
  for (const [path, value] of Object.entries(files)) {
    if (path.endsWith('/')) tree.makeFolder(path, typeof value === 'object' && 'data' in value ? { mode: value.mode ?? 0o755, uid: value.uid ?? 0, gid: value.gid ?? 0 } : { mode: 0o755 });
    else if (typeof value === 'string') tree.writeFile(path, value);
    else if ('symlink' in value) tree.place(path, new SymlinkInode(tree.newInode(), time, value.symlink));
    else tree.writeFile(path, value.data, { mode: value.mode ?? 0o644, uid: value.uid ?? 0, gid: value.gid ?? 0 });
  }
}

/** The layers of an image. `shared`: made once for everybody who uses the image. */
export function layersOf(image: Image, time: Time, shared = true): ImageLayers {
  const known = shared ? made.get(image) : undefined;
  if (known) return known;
  const tree = new Tree(() => time, 'overlay');
  const programs = new Map<string, Executable>();
  if (image.base) putFiles(tree, image.base.files, time);
  for (const folder of ['/proc', '/dev', '/sys']) tree.makeFolder(folder, { mode: folder === '/proc' ? 0o555 : 0o755 });
  for (const { key, program, paths } of image.base?.programs ?? []) {
    programs.set(key, program);
    const inode = new FileInode(tree.newInode(), 0o755, time, Content.from(programFile(key)));
    inode.links = paths.length;
    for (const path of paths) tree.place(path, inode);
  }
  for (const [path, program] of Object.entries(image.programs)) {
    const key = `${image.repository}:${path}`;
    programs.set(key, program);
    tree.place(path, new FileInode(tree.newInode(), 0o755, time, Content.from(programFile(key))));
  }
  putFiles(tree, image.files ?? {}, time);
  if (image.workingDir && !tree.exists(image.workingDir)) tree.makeFolder(image.workingDir);
  tree.usedBytes = 0;
  const layers = { tree, programs };
  if (shared) made.set(image, layers);
  return layers;
}
