import { createClient } from '../client';
import { createCoreDns, runOutsideResolver } from '../dns';
import { runPolicyEnforcer } from '../kube-proxy';
import type { NetworkNode } from '../network';
import { createContainerRuntime, type Image } from '../runtime';
import { createAll, installAddons, objectsOf } from './addons';
import { type Composition, type Ingredients, sharedStorage } from './composition';
import { balanced, controlPlaneImages, controlPlaneManifests, controlPlaneNodes, createMember, type Member } from './control-plane';
import { identities, identity, userAgent } from './identities';
import { createMachine, type Machine } from './machine';
import { factsOf } from './options';

const workerAddress = (index: number): string => `10.0.0.${10 + index}`;

/** Control-plane nodes and workers, as kubeadm leaves them: the components are containers of static Pods. */
export function composeFull(ingredients: Ingredients): Composition {
  const { kernel, network, servers, options, machines } = ingredients;
  const nodes = controlPlaneNodes(servers.length);
  const members = servers.map((server, index) => createMember(ingredients, nodes[index] as (typeof nodes)[number], server)) as readonly Member[] as readonly [Member, ...Member[]];
  const [first] = members;
  const handle = balanced(members.map(({ gate }) => gate));
  const own: readonly Image[] = [
    ...controlPlaneImages({ kernel, members, startProxy: (node) => (machines.get(node) as Machine).startProxy() }),
    createCoreDns({ kernel, clientFor: () => createClient({ kernel, handler: handle, credentials: identity('system:serviceaccount:kube-system:coredns'), userAgent: userAgent('coredns') }) }),
  ];
  const images = (): readonly Image[] => [...own, ...ingredients.registries()];
  const preloaded = own.map(({ repository, tags }) => `${repository}:${tags[0]}`);
  const storage = sharedStorage(() => (machines.get(first.name) as Machine).runtime.createTree());

  const addMachine = (name: string, address: string, member?: Member): Machine => {
    const node: NetworkNode = network.addNode(name, address);
    const runtime = createContainerRuntime({ kernel, node: name, images, preloaded });
    const host = runtime.createTree();
    host.writeFile('/etc/hosts', `127.0.0.1\tlocalhost\n${address}\t${name}\n`, { mode: 0o644 });
    host.writeFile('/etc/hostname', `${name}\n`, { mode: 0o644 });
    host.writeFile('/etc/resolv.conf', 'nameserver 10.0.0.1\n', { mode: 0o644 });
    host.makeFolder('/etc/kubernetes/manifests', { mode: 0o755 });
    const machine = createMachine({ kernel, handler: member?.gate.handle ?? handle, network: node, runtime, host, facts: factsOf(name, address, member !== undefined), storage });
    machines.set(name, machine);
    machine.kubelet.start();
    return machine;
  };

  kernel.spawn('outside resolver', runOutsideResolver(network.addHost('outside', '10.0.0.1')), null);
  for (const member of members) {
    const { host } = addMachine(member.name, member.address, member);
    const manifests = controlPlaneManifests(member.name, member.address, member === first ? undefined : first.address);
    for (const [file, text] of Object.entries(manifests)) host.writeFile(`/etc/kubernetes/manifests/${file}`, text, { mode: 0o600 });
  }
  for (let index = 1; index <= (options.nodes ?? 2); index++) addMachine(`worker-${index}`, workerAddress(index));

  const installer = createClient({ kernel, handler: handle, credentials: identities.admin, userAgent: userAgent('kubeadm') });
  kernel.spawn('network policies', runPolicyEnforcer({ kernel, client: createClient({ kernel, handler: handle, credentials: identities.admin, userAgent: userAgent('cni') }), network }), null);
  let complete = options.etcdFiles?.kept !== undefined; // machines that come up again are not installed again
  if (!complete) {
    const installing = kernel.spawn('kubeadm', (function* () {
      yield* installAddons(installer, members.map(({ name }) => name));
      yield* createAll(installer, (options.manifests ?? []).flatMap(objectsOf));
    })(), null);
    installing.onEnd(() => (complete = installing.state === 'done'));
  }
  const onlyBare = (): never => {
    throw new Error('the controllers of this cluster run in a static Pod');
  };
  return { handle, complete: () => complete, startControllers: onlyBare, stopControllers: onlyBare };
}
