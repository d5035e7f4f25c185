import type { ApiHandler, GroupVersionKind, GroupVersionResource, KubeObject, UserInfo } from '../../api';
import type { Random, Task } from '../../kernel';
import type { ServerParts } from '../call';
import type { Draft } from '../resources/definition';
import type { Reinvocation } from './reinvocation';

export type Operation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';

/** One request as admission sees it. */
export interface AdmissionAttributes {
  readonly operation: Operation;
  readonly resource: GroupVersionResource;
  readonly kind: GroupVersionKind;
  readonly subresource: string;
  readonly namespace: string | undefined;
  /** '' while generateName has not made one. */
  readonly name: string;
  /** Mutable while mutating, frozen while validating; undefined on DELETE. */
  readonly object: Draft | undefined;
  readonly oldObject: KubeObject | undefined;
  readonly options: Readonly<Record<string, unknown>>;
  readonly user: UserInfo;
  readonly dryRun: boolean;
  readonly reinvocation: Reinvocation;
  /** Adds a Warning header to the answer. */
  warn(message: string): void;
  /** Adds an audit annotation (kept in the trace). */
  audit(key: string, value: string): void;
}

/** What a plugin may ask of the server. */
export interface AdmissionContext {
  readonly random: Random;
  /** From the watch cache, current as of the newest revision. */
  get<T extends KubeObject>(resource: GroupVersionResource, namespace: string | undefined, name: string): T | undefined;
  list<T extends KubeObject>(resource: GroupVersionResource, namespace?: string): readonly T[];
  /** Requests under the server's own loopback identity (quota usage updates, priority look-ups that write …). */
  readonly loopback: ApiHandler;
  /** The server itself, for plugins that ask others over the network. */
  readonly server: ServerParts;
  /** Whether `user` may do this: for plugins that check permissions. */
  authorize(user: UserInfo, verb: string, group: string, resource: string, subresource: string, namespace: string, name: string): boolean;
}

/** What all requests of one kind have in common. */
export interface AdmissionTarget {
  readonly operation: Operation;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
}

/** A step of a plugin: throws a StatusError to refuse. A task only where it has to wait, for most requests have plenty of steps. */
export type AdmissionStep = (attributes: AdmissionAttributes, context: AdmissionContext) => Task | void;

/** An admission plugin. */
export interface AdmissionPlugin {
  /** As --enable-admission-plugins names it. */
  readonly name: string;
  /** Whether requests of a kind concern it; asked once for each kind. */
  handles(target: AdmissionTarget): boolean;
  readonly mutate?: AdmissionStep;
  readonly validate?: AdmissionStep;
}
