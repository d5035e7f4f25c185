import { type GroupVersionKind, isStatus, type KubeObject, type ObjectMeta, type Pod, type PodTemplateSpec, StatusError } from '../../api';
import { type Client, controllerReference, type EventRecorder, isApiFailure, meta, resources } from '../../client';
import { type Kernel, join, type Task } from '../../kernel';

/** Makes and deletes Pods for an owner, and says so in events about the owner. */
export interface PodControl {
  create(namespace: string, pod: Pod, owner: KubeObject): Task<Pod>;
  /** A Pod that is gone already counts as deleted. */
  delete(namespace: string, name: string, owner: KubeObject): Task;
}

/** Whether a create failed because its namespace is going. */
export const namespaceIsTerminating = (error: unknown): boolean =>
  error instanceof StatusError && error.code === 403 && (error.status.details?.causes?.some((cause) => cause.reason === 'NamespaceTerminating') ?? false);

/** The Pod that a template describes, owned by `owner`. */
export function podFromTemplate(template: PodTemplateSpec | undefined, owner: KubeObject, kind: GroupVersionKind, changes: ObjectMeta = {}): Pod {
  const { labels, annotations, finalizers } = template?.metadata ?? {};
  return {
    apiVersion: 'v1', kind: 'Pod',
    metadata: {
      generateName: `${meta(owner).name}-`,
      namespace: meta(owner).namespace,
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ...(finalizers && { finalizers }),
      ownerReferences: [controllerReference(owner, kind)],
      ...changes,
    },
    ...(template?.spec && { spec: template.spec }),
  };
}

/** Pods made and deleted through `client`, told of by `recorder`. */
export function createPodControl(client: Client, recorder: EventRecorder): PodControl {
  return {
    *create(namespace, pod, owner) {
      try {
        const created = yield* client.create<Pod>(resources.pods, namespace, pod);
        recorder.event(owner, 'Normal', 'SuccessfulCreate', `Created pod: ${meta(created).name}`);
        return created;
      } catch (error) {
        if (isApiFailure(error) && !namespaceIsTerminating(error)) recorder.event(owner, 'Warning', 'FailedCreate', `Error creating: ${error.message}`);
        throw error;
      }
    },
    *delete(namespace, name, owner) {
      try {
        yield* client.delete(resources.pods, namespace, name);
      } catch (error) {
        if (!isApiFailure(error) || isStatus(error, 'NotFound')) throw error;
        recorder.event(owner, 'Warning', 'FailedDelete', `Error deleting: ${error.message}`);
        throw error;
      }
      recorder.event(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`);
    },
  };
}

/** How an action on many ended: how many did well, and the first failure. */
export interface BatchResult {
  readonly done: number;
  readonly failure: Error | undefined;
}

/** Acts on all at once, each in a process of its own; API failures are collected. */
export function* inParallel<T>(kernel: Kernel, name: string, items: readonly T[], act: (item: T) => Task<unknown>): Task<BatchResult> {
  const [only] = items;
  let done = 0;
  let failure: Error | undefined;
  function* attempt(item: T): Task {
    try {
      yield* act(item);
      done += 1;
    } catch (error) {
      if (!isApiFailure(error)) throw error;
      failure ??= error;
    }
  }
  if (items.length === 1 && only !== undefined) yield* attempt(only);
  else {
    const processes = items.map((item) => kernel.spawn(name, attempt(item)));
    for (const process of processes) yield* join(process);
  }
  return { done, failure };
}

/** Acts in batches of 1, 2, 4 …, each after the one before has done well: many failures then cost few requests. */
export function* slowStart<T>(kernel: Kernel, name: string, items: readonly T[], act: (item: T) => Task<unknown>): Task<BatchResult> {
  let done = 0;
  for (let size = 1; done < items.length; size *= 2) {
    const batch = items.slice(done, done + size);
    const result = yield* inParallel(kernel, name, batch, act);
    done += result.done;
    if (result.failure) return { done, failure: result.failure };
  }
  return { done, failure: undefined };
}
