import type { GroupVersionKind, GroupVersionResource, KubeObject, ResourceInfo, UserInfo } from '../../api';
import type { Task } from '../../kernel';
import { type AdmissionSteps, Reinvocation } from '../admission';
import type { AdmissionAttributes, AdmissionContext, AdmissionStep, Operation } from '../admission/plugin';
import type { ServerParts } from '../call';
import type { Draft } from '../resources/definition';
import type { ServedResource } from '../served';

/** What admission is told about a request. */
export interface AdmissionSubject {
  readonly served: ServedResource;
  readonly operation: Operation;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly subresource: string;
  readonly user: UserInfo;
  readonly dryRun: boolean;
  readonly options: Readonly<Record<string, unknown>>;
  readonly warnings: Set<string>;
  /** The kind of the object in the request where it is not the resource's own (Scale, Eviction, Binding). */
  readonly kind?: GroupVersionKind;
}

interface Names {
  readonly resource: GroupVersionResource;
  readonly kind: GroupVersionKind;
}

const names = new WeakMap<ResourceInfo, Names>();

function namesOf(info: ResourceInfo): Names {
  let known = names.get(info);
  if (known === undefined) {
    const { group, version, resource, kind } = info;
    names.set(info, (known = Object.freeze({ resource: Object.freeze({ group, version, resource }), kind: Object.freeze({ group, version, kind }) })));
  }
  return known;
}

const audit = (): void => undefined;

function attributesOf(subject: AdmissionSubject, object: Draft | undefined, oldObject: KubeObject | undefined): AdmissionAttributes {
  const { resource, kind } = namesOf(subject.served.info);
  return {
    operation: subject.operation,
    resource,
    kind: subject.kind ?? kind,
    subresource: subject.subresource,
    namespace: subject.namespace,
    name: subject.name,
    object,
    oldObject,
    options: subject.options,
    user: subject.user,
    dryRun: subject.dryRun,
    reinvocation: new Reinvocation(),
    warn: (message) => void subject.warnings.add(message),
    audit,
  };
}

const contexts = new WeakMap<ServerParts, AdmissionContext>();

/** What plugins may ask of a server. */
function contextOf(server: ServerParts): AdmissionContext {
  let context = contexts.get(server);
  if (context === undefined) contexts.set(server, (context = contextFor(server)));
  return context;
}

const contextFor = (server: ServerParts): AdmissionContext => ({
  server,
  random: server.random,
  get: server.get,
  list: server.list,
  loopback: server.loopback,
  authorize: (user, verb, group, resource, subresource, namespace, name) =>
    server.authorizer.authorize({ user, verb, isResource: true, group, resource, subresource, namespace, name, path: '' }).allowed,
});

const stepsFor = ({ admission }: ServerParts, { served: { info }, operation, subresource }: AdmissionSubject): AdmissionSteps => admission.stepsFor(operation, info, subresource);

/** The mutating half of admission: twice when a webhook changed the object. Plugins throw to refuse. */
export function* mutate(server: ServerParts, subject: AdmissionSubject, object: Draft | undefined, oldObject: KubeObject | undefined): Task {
  const { mutating } = stepsFor(server, subject);
  if (mutating.length === 0) return;
  const attributes = attributesOf(subject, object, oldObject);
  yield* carryOut(mutating, server, attributes);
  if (!attributes.reinvocation.wanted) return;
  attributes.reinvocation.again = true;
  yield* carryOut(mutating, server, attributes);
}

/** The validating half. */
export function* validate(server: ServerParts, subject: AdmissionSubject, object: Draft | undefined, oldObject: KubeObject | undefined): Task {
  const { validating } = stepsFor(server, subject);
  if (validating.length > 0) yield* carryOut(validating, server, attributesOf(subject, object, oldObject));
}

function* carryOut(steps: readonly AdmissionStep[], server: ServerParts, attributes: AdmissionAttributes): Task {
  const context = contextOf(server);
  for (const step of steps) {
    const task = step(attributes, context);
    if (task) yield* task;
  }
}
