import { legacyTokenMaker } from '../apiserver';
import { createControllerManager } from '../controllers';
import { createScheduler } from '../scheduler';
import { createAll, objectsOf } from './addons';
import { clientFactory, type Composition, type Ingredients, rootCertificates, sharedStorage } from './composition';
import { createHollowRuntime } from './hollow/runtime';
import { createMachine } from './machine';
import { hollowFacts } from './options';

export type { Composition } from './composition';

/** A /16 has a /24 for so many nodes; without one a node is never ready. */
const nodesOfUsualRange = 256;
const wideRange = '10.128.0.0/9';

/** A control plane and hollow nodes, with nothing in it: what a real control plane with Kubernetes' own hollow nodes is. */
export function composeBare(ingredients: Ingredients): Composition {
  const { kernel, network, servers: [server], options, machines, checkPolicy } = ingredients;
  const handle = server.handle;
  const clientFor = clientFactory(ingredients, handle);
  const nodes = options.nodes ?? 2;
  const manager = createControllerManager({ kernel, clientFor, options: { rootCertificates: rootCertificates(options), ...(options.sign && { sign: options.sign }), serviceAccountToken: legacyTokenMaker(), checkPolicy, ...(nodes > nodesOfUsualRange && { clusterCidr: wideRange }) } });
  manager.start();
  createScheduler({ kernel, client: clientFor('system:kube-scheduler') }).start();
  for (let index = 0; index < nodes; index++) {
    const name = `node-${index}`;
    const runtime = createHollowRuntime(kernel);
    const machine = createMachine({ kernel, handler: handle, network: network.addNode(name, `10.1.${index >> 8}.${index & 255}`), runtime, host: runtime.createTree(), facts: hollowFacts(name), program: 'hollow-kubelet', storage: sharedStorage(runtime.createTree) });
    machines.set(name, machine);
    machine.kubelet.start();
  }
  let complete = options.manifests === undefined;
  if (options.manifests) {
    const installing = kernel.spawn('manifests', createAll(clientFor('system:apiserver'), options.manifests.flatMap(objectsOf)), null);
    installing.onEnd(() => (complete = true));
  }
  return { handle, complete: () => complete, startControllers: () => manager.start(), stopControllers: () => manager.stop() };
}
