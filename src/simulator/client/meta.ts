import type { KubeObject, ObjectMeta } from '../api';

/** The metadata of an object that the server has stored: what it always sets is there. */
export type StoredMeta = ObjectMeta & {
  readonly name: string;
  /** '' for what has no namespace. */
  readonly namespace: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly creationTimestamp: string;
};

/** The metadata of a stored object. */
export const meta = (object: KubeObject): StoredMeta => object.metadata as StoredMeta;

/** Whether the object is on its way out. */
export const isDeleting = (object: KubeObject): boolean => object.metadata?.deletionTimestamp !== undefined;

/** A copy of `object` with these members of its metadata replaced; undefined takes a member away. */
export function withMeta<T extends KubeObject>(object: T, changes: { readonly [K in keyof ObjectMeta]?: ObjectMeta[K] | undefined }): T {
  const metadata: Record<string, unknown> = { ...object.metadata, ...changes };
  for (const key in changes) if (changes[key as keyof ObjectMeta] === undefined) delete metadata[key];
  return { ...object, metadata };
}
