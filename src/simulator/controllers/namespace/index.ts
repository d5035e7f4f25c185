import type { Namespace } from '../../api';
import { isDeleting, meta, resources, runController, WorkQueue } from '../../client';
import { seconds, type Task } from '../../kernel';
import type { Controller, ControllerContext } from '../manager/context';
import { customResources, type CustomResources } from '../manager';
import { withConditions } from './conditions';
import { emptyNamespace } from './content';

const finalizer = 'kubernetes';

/** Empties namespaces that are being deleted, says in conditions what is left, and lets them go when nothing is. */
export const namespaceController: Controller = {
  name: 'namespace-controller',
  *start(context) {
    const namespaces = context.informers.for<Namespace>(resources.namespaces);
    const served = customResources(context.informers);
    yield* context.informers.waitSynced();
    const queue = new WorkQueue(context.kernel);
    const look = (namespace: Namespace) => {
      if (isDeleting(namespace)) queue.add(meta(namespace).name);
    };
    namespaces.addHandlers({ add: look, update: (_, namespace) => look(namespace) });
    runController({
      kernel: context.kernel, name: 'namespace-controller', queue, workers: 10,
      *sync(name) {
        const namespace = namespaces.get(undefined, name);
        if (!namespace) return;
        const wait = yield* terminate(context, served, namespace);
        if (wait !== undefined) queue.addAfter(name, seconds(Math.floor(wait / 2) + 1));
      },
    });
  },
};

/** One attempt to clear a namespace; how many seconds what is left may take, undefined when nothing is. */
function* terminate({ client, kernel }: ControllerContext, served: CustomResources, stale: Namespace): Task<number | undefined> {
  const { name, uid } = meta(stale);
  if (!stale.spec?.finalizers?.includes(finalizer)) return undefined;
  let namespace = yield* client.get<Namespace>(resources.namespaces, undefined, name);
  if (meta(namespace).uid !== uid || !isDeleting(namespace) || !namespace.spec?.finalizers?.includes(finalizer)) return undefined;
  if (namespace.status?.phase !== 'Terminating') {
    namespace = yield* client.updateStatus<Namespace>(resources.namespaces, { ...namespace, status: { ...namespace.status, phase: 'Terminating' } });
  }
  const left = yield* emptyNamespace(client, served.all(), name);
  const status = withConditions(namespace.status ?? {}, left, kernel.now);
  if (status !== namespace.status) namespace = yield* client.updateStatus<Namespace>(resources.namespaces, { ...namespace, status });
  if (left.seconds > 0 || left.failures.length > 0) return left.seconds || 1;
  const finalizers = (namespace.spec?.finalizers ?? []).filter((entry) => entry !== finalizer);
  yield* client.update<Namespace>(resources.namespaces, { ...namespace, spec: { ...namespace.spec, finalizers } }, { subresource: 'finalize' });
  return undefined;
}
