import type { GroupVersionResource, KubeObject, UserInfo } from '../../api';
import type { Random, Time } from '../../kernel';
import type { FieldError } from '../field';

/** An object that is still being made: a private copy, mutable until it is stored (then frozen). */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- schema-shaped data is read and written here
export type Draft = { metadata: Record<string, any>; [field: string]: any };

/** What a resource's own code may know of the request and the world. */
export interface StrategyContext {
  readonly user: UserInfo;
  readonly now: Time;
  readonly random: Random;
  readonly namespace: string | undefined;
  readonly dryRun: boolean;
  /** Other objects, from the watch cache. */
  get<T extends KubeObject>(resource: GroupVersionResource, namespace: string | undefined, name: string): T | undefined;
  list<T extends KubeObject>(resource: GroupVersionResource, namespace?: string): readonly T[];
}

/** How updates of the object itself or of one subresource (status …) behave. */
export interface UpdateStrategy<T extends KubeObject = KubeObject> {
  /** Takes over from `old` what this update may not touch, bumps metadata.generation when the spec changed. Mutates. */
  prepareForUpdate?(draft: Draft, old: T, context: StrategyContext): void;
  /** Of kinds that look at the changed object by itself first (metadata-checks.ts): what is wrong with it. */
  validateWhole?(object: T): FieldError[];
  validateUpdate?(object: T, old: T, context: StrategyContext): FieldError[];
  /** Fields of metadata that this update leaves as they are, so that nobody owns them through it; 'all' of it. */
  readonly keptMetadata?: readonly string[] | 'all';
  /** FieldsV1 of what nobody comes to own through this subresource, which is not the status. */
  readonly resets?: object;
}

/**
 * All that the schema cannot say of one resource; every member is optional, and a resource without a definition still
 * works by its schema alone. One folder a resource: resources/<group>/<resource>/index.ts exports one of these.
 */
export interface ResourceDefinition<T extends KubeObject = KubeObject> extends UpdateStrategy<T> {
  readonly group: string;
  readonly resource: string;
  /** The group that refusals name when it is not its own: objects of one group may be another's under other names. */
  readonly errorGroup?: string;
  /** Top-level fields besides status that writes of the object itself do not own: only its making sets them. */
  readonly keptFields?: readonly string[];
  /** Adds the defaults that the schema does not carry (schema defaults are there already). Mutates. */
  applyDefaults?(draft: Draft): void;
  /** Its defaults are all in spec: a write of the status that leaves the spec alone needs none of them. */
  readonly defaultsSpecAlone?: true;
  /** Clears status, sets generation 1 where the kind has one, and so on. Mutates. */
  prepareForCreate?(draft: Draft, context: StrategyContext): void;
  /** A generateName is the name: nothing is added to it. */
  readonly takesPrefixAsName?: boolean;
  /** Everything but metadata, whose rules are generic; `validateName` below is for names that are not DNS subdomains. */
  validateCreate?(object: T, context: StrategyContext): FieldError[];
  /** Why `name` (or the prefix of generateName) will not do; no entries when it will. Default: a DNS subdomain. */
  validateName?(name: string, isPrefix: boolean): string[];
  /** Why a new object cannot have its name although names may look like that. */
  nameErrors?(name: string, object: T): string[];
  /** Warning headers of a create or update. */
  warnings?(object: T, old: T | undefined): string[];
  /** Updates of the subresources that change the object: status, resize, ephemeralcontainers, approval … */
  readonly subresources?: Readonly<Record<string, UpdateStrategy<T>>>;
  /** May a PUT create the object? */
  readonly allowCreateOnUpdate?: boolean;
  /** Does a PUT without resourceVersion overwrite? Default: as the real one does for most, yes. */
  readonly allowUnconditionalUpdate?: boolean;
  /** Fields that field selectors can name besides metadata.name and metadata.namespace. */
  selectableFields?(object: T): Readonly<Record<string, string>>;
  /** The cells of this object's row, in the order of its columns. */
  cells?(object: T, now: Time): readonly unknown[];
  /** Seconds that a delete is to take; 0 deletes at once. Only Pods have a grace period. Mutates the draft as needed. */
  prepareForDelete?(draft: Draft, gracePeriodSeconds: number | undefined, context: StrategyContext): number;
  /** Called with the stored object after it was created, updated or finally removed: allocators (cluster IPs, node ports) live here. */
  readonly hooks?: {
    /** Before what the client said is validated: allocates. Mutates; may throw a StatusError. */
    beginCreate?(draft: Draft, context: StrategyContext): void;
    /** Before a new object is stored: what reading it again would add. Mutates. */
    completeNew?(draft: Draft): void;
    beginUpdate?(draft: Draft, old: T, context: StrategyContext): void;
    afterDelete?(object: T, context: StrategyContext): void;
  };
}

/** Definitions by group and resource: 'apps/deployments'. */
export const definitionsByName = (definitions: readonly { readonly group: string; readonly resource: string }[]): ReadonlyMap<string, ResourceDefinition> =>
  new Map(definitions.map((definition) => [`${definition.group}/${definition.resource}`, definition as ResourceDefinition]));
