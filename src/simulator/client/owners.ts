import type { GroupVersionKind, KubeObject, OwnerReference } from '../api';
import { apiVersionOf } from '../api';

/** The reference that has controller: true. */
export const controllerOf = (object: KubeObject): OwnerReference | undefined => {
  const owners = object.metadata?.ownerReferences;
  if (owners) for (const owner of owners) if (owner.controller) return owner;
  return undefined;
};

/** Whether `owner` controls `object`. */
export const ownedByController = (object: KubeObject, owner: KubeObject): boolean => {
  const controller = controllerOf(object);
  return controller !== undefined && controller.uid === owner.metadata?.uid;
};

/** Whether `object` names `owner` among its owners. */
export const isOwnedBy = (object: KubeObject, owner: KubeObject): boolean =>
  object.metadata?.ownerReferences?.some((reference) => reference.uid === owner.metadata?.uid) ?? false;

/** The reference that a controller puts into what it makes for `owner`. */
export const controllerReference = (owner: KubeObject, kind: GroupVersionKind): OwnerReference => ({
  apiVersion: apiVersionOf(kind.group, kind.version),
  kind: kind.kind,
  name: owner.metadata?.name ?? '',
  uid: owner.metadata?.uid ?? '',
  controller: true,
  blockOwnerDeletion: true,
});

/** The strategic merge patch that takes `owner` out of the object's owners. */
export const withoutOwner = (object: KubeObject, owner: KubeObject): unknown => ({
  metadata: { uid: object.metadata?.uid, ownerReferences: [{ $patch: 'delete', uid: owner.metadata?.uid }] },
});
