import { createClient } from '../client';
import { createControllerManager } from '../controllers';
import { createCoreDns, runOutsideResolver } from '../dns';
import { runPolicyEnforcer } from '../kube-proxy';
import type { NetworkNode } from '../network';
import { catalogue, createContainerRuntime, type Image } from '../runtime';
import { createScheduler } from '../scheduler';
import { createAll, installAddons, objectsOf } from './addons';
import { clientFactory, type Composition, type Ingredients, rootCertificates, sharedStorage } from './composition';
import { controlPlaneImages, controlPlaneManifests, Gate } from './control-plane';
import { identities, identity, userAgent } from './identities';
import { createMachine, type Machine } from './machine';
import { factsOf } from './options';

const controlPlane = 'control-plane';
const addressOf = (index: number): string => `10.0.0.${10 + index}`;

/** One control-plane node and workers, as kubeadm leaves them: the components are containers of static Pods. */
export function composeFull(ingredients: Ingredients): Composition {
  const { kernel, network, server, options, machines } = ingredients;
  const gate = new Gate(server.handle, `${addressOf(0)}:6443`);
  const handle = gate.handle;
  const clientFor = clientFactory(ingredients, handle);
  const manager = createControllerManager({ kernel, clientFor, options: { leaderElect: true, instance: controlPlane, rootCertificates: rootCertificates(options) } });
  const scheduler = createScheduler({ kernel, client: clientFor('system:kube-scheduler'), host: controlPlane, leaderElect: true });
  const own: readonly Image[] = [
    ...controlPlaneImages({ gate, manager: () => manager, scheduler: () => scheduler, startProxy: (node) => (machines.get(node) as Machine).startProxy() }),
    createCoreDns({ kernel, clientFor: () => createClient({ kernel, handler: handle, credentials: identity('system:serviceaccount:kube-system:coredns'), userAgent: userAgent('coredns') }) }),
  ];
  const images = [...own, ...catalogue];
  const preloaded = own.map(({ repository, tags }) => `${repository}:${tags[0]}`);
  const storage = sharedStorage(() => (machines.get(controlPlane) as Machine).runtime.createTree());

  const addMachine = (name: string, index: number): Machine => {
    const node: NetworkNode = network.addNode(name, addressOf(index));
    const runtime = createContainerRuntime({ kernel, node: name, images, preloaded });
    const host = runtime.createTree();
    host.writeFile('/etc/hosts', `127.0.0.1\tlocalhost\n${addressOf(index)}\t${name}\n`, { mode: 0o644 });
    host.writeFile('/etc/hostname', `${name}\n`, { mode: 0o644 });
    host.writeFile('/etc/resolv.conf', 'nameserver 10.0.0.1\n', { mode: 0o644 });
    host.makeFolder('/etc/kubernetes/manifests', { mode: 0o755 });
    const machine = createMachine({ kernel, handler: handle, network: node, runtime, host, facts: factsOf(name, addressOf(index), index === 0), storage });
    machines.set(name, machine);
    machine.kubelet.start();
    return machine;
  };

  kernel.spawn('outside resolver', runOutsideResolver(network.addHost('outside', '10.0.0.1')), null);
  const first = addMachine(controlPlane, 0);
  for (const [file, text] of Object.entries(controlPlaneManifests(controlPlane, addressOf(0)))) first.host.writeFile(`/etc/kubernetes/manifests/${file}`, text, { mode: 0o600 });
  for (let index = 1; index <= (options.nodes ?? 2); index++) addMachine(`worker-${index}`, index);

  const installer = createClient({ kernel, handler: handle, credentials: identities.admin, userAgent: userAgent('kubeadm') });
  kernel.spawn('network policies', runPolicyEnforcer({ kernel, client: createClient({ kernel, handler: handle, credentials: identities.admin, userAgent: userAgent('cni') }), network }), null);
  let complete = options.etcdFiles?.kept !== undefined; // machines that come up again are not installed again
  if (!complete) {
    const installing = kernel.spawn('kubeadm', (function* () {
      yield* installAddons(installer, controlPlane);
      yield* createAll(installer, (options.manifests ?? []).flatMap(objectsOf));
    })(), null);
    installing.onEnd(() => (complete = installing.state === 'done'));
  }
  const onlyBare = (): never => {
    throw new Error('the controllers of this cluster run in a static Pod');
  };
  return { handle, complete: () => complete, startControllers: onlyBare, stopControllers: onlyBare };
}
