import { type ControllerRevision, isStatus, type KubeObject, type LabelSelector, type PodTemplateSpec } from '../../api';
import { type Client, controllerReference, deepEqual, type Informer, labelMatcher, meta, type Resource, resources, withMeta } from '../../client';
import type { Task } from '../../kernel';
import { objectHash } from '../deployment/hash';
import { claim } from '../pods';

/** The label that says from which revision a Pod was made. */
export const revisionLabel = 'controller-revision-hash';

/** What has revisions: StatefulSets and DaemonSets. */
export interface Revised extends KubeObject {
  readonly spec?: { readonly selector: LabelSelector; readonly template: PodTemplateSpec; readonly revisionHistoryLimit?: number };
  readonly status?: { readonly collisionCount?: number };
}

export interface RevisionParts<T extends Revised> {
  readonly client: Client;
  readonly revisions: Informer<ControllerRevision>;
  readonly owner: T;
  readonly kind: Resource;
  /** Annotations of new revisions. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What a revision keeps: the patch that brings an owner back to it. */
const dataOf = ({ spec }: Revised): unknown => ({ spec: { template: { ...spec?.template, $patch: 'replace' } } });

const same = (a: unknown, b: unknown): boolean => deepEqual(a, b);

/** The revisions of an owner, oldest first. */
export function* revisionsOf<T extends Revised>({ client, revisions, owner, kind }: RevisionParts<T>): Task<ControllerRevision[]> {
  const own = yield* claim({ client, informer: revisions, owner, ownerKind: kind, matches: labelMatcher(owner.spec?.selector) });
  return own.sort((a, b) => a.revision - b.revision || (meta(a).name < meta(b).name ? -1 : 1));
}

/** The hash that Pods of a revision carry. */
export const hashOf = (revision: ControllerRevision): string => revision.metadata?.labels?.[revisionLabel] ?? meta(revision).name;

/** The revision of the owner's present template: made if there is none, moved to the end if there is an older one. `hashed` names Pods by the whole name or by the hash alone. */
export function* currentRevision<T extends Revised>(parts: RevisionParts<T>, known: readonly ControllerRevision[], hashed: 'name' | 'hash'): Task<ControllerRevision> {
  const { client, owner, kind, annotations } = parts;
  const data = dataOf(owner);
  const newest = known.at(-1);
  const next = (newest?.revision ?? 0) + 1;
  const existing = [...known].reverse().find((revision) => same(revision.data, data));
  if (existing) {
    if (existing === newest) return existing;
    return yield* client.update<ControllerRevision>(resources.controllerrevisions, { ...existing, revision: next });
  }
  const { namespace, name } = meta(owner);
  for (let collisions = owner.status?.collisionCount ?? 0; ; collisions++) {
    const hash = objectHash(data, collisions || undefined);
    const revisionName = `${name.slice(0, 223)}-${hash}`;
    const wanted: ControllerRevision = {
      apiVersion: 'apps/v1', kind: 'ControllerRevision', revision: next, data,
      metadata: {
        name: revisionName, namespace, ownerReferences: [controllerReference(owner, kind)],
        labels: { ...owner.spec?.template.metadata?.labels, [revisionLabel]: hashed === 'name' ? revisionName : hash },
        ...(annotations && { annotations }),
      },
    };
    try {
      return yield* client.create<ControllerRevision>(resources.controllerrevisions, namespace, wanted);
    } catch (error) {
      if (!isStatus(error, 'AlreadyExists')) throw error;
      const other = yield* client.get<ControllerRevision>(resources.controllerrevisions, namespace, revisionName);
      if (same(other.data, data)) return other;
    }
  }
}

/** Deletes the oldest revisions that no Pod needs, beyond the limit. */
export function* dropOldRevisions<T extends Revised>({ client, owner }: RevisionParts<T>, known: readonly ControllerRevision[], live: ReadonlySet<string>): Task {
  const unused = known.filter((revision) => !live.has(hashOf(revision)));
  const limit = owner.spec?.revisionHistoryLimit ?? 10;
  for (const revision of unused.slice(0, Math.max(0, unused.length - limit))) {
    try {
      yield* client.delete(resources.controllerrevisions, meta(revision).namespace, meta(revision).name);
    } catch (error) {
      if (!isStatus(error, 'NotFound')) throw error;
    }
  }
}

/** The owner as it was in a revision: its template alone is kept there. */
export function ownerAt<T extends Revised>(owner: T, revision: ControllerRevision): T {
  const { $patch: _, ...template } = (revision.data as { spec: { template: PodTemplateSpec & { $patch?: string } } }).spec.template;
  return withMeta({ ...owner, spec: { ...owner.spec, template } } as T, {});
}
