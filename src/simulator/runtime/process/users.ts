import type { FileSystem } from '../interface';
import { readTextIfAny } from '../files/view';

/** A line of /etc/passwd. */
export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly shell: string;
}

function lines(files: FileSystem, path: string): string[][] {
  return (readTextIfAny(files, path) ?? '').split('\n').filter(Boolean).map((line) => line.split(':'));
}

/** Everybody in /etc/passwd. */
export function users(files: FileSystem): User[] {
  return lines(files, '/etc/passwd').map(([name = '', , uid, gid, , home = '/', shell = '/bin/sh']) => ({ name, uid: Number(uid), gid: Number(gid), home, shell }));
}

export const userName = (files: FileSystem, uid: number): string | undefined => users(files).find((user) => user.uid === uid)?.name;

/** Groups of /etc/group by number and name, with their members. */
export function groups(files: FileSystem): { readonly name: string; readonly gid: number; readonly members: readonly string[] }[] {
  return lines(files, '/etc/group').map(([name = '', , gid, members = '']) => ({ name, gid: Number(gid), members: members.split(',').filter(Boolean) }));
}

export const groupName = (files: FileSystem, gid: number): string | undefined => groups(files).find((group) => group.gid === gid)?.name;
