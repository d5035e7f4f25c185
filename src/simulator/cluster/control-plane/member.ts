import { type ApiServer, legacyTokenMaker } from '../../apiserver';
import { type ControllerManager, createControllerManager } from '../../controllers';
import { assert } from '../../kernel';
import { createScheduler, type SchedulerProcess } from '../../scheduler';
import { clientFactory, type Ingredients, rootCertificates } from '../composition';
import { Gate } from './gate';

/** A machine that kubeadm made a part of the control plane. */
export interface ControlPlaneNode {
  readonly name: string;
  readonly address: string;
}

/** What runs on it. */
export interface Member extends ControlPlaneNode {
  readonly server: ApiServer;
  readonly gate: Gate;
  readonly manager: ControllerManager;
  readonly scheduler: SchedulerProcess;
}

/** Names and addresses of so many control-plane nodes: control-plane, control-plane-2 … */
export function controlPlaneNodes(count: number): readonly [ControlPlaneNode, ...ControlPlaneNode[]] {
  assert(Number.isInteger(count) && count >= 1 && count <= 7, `a cluster has 1 to 7 control-plane nodes, not ${count}`);
  const others = Array.from({ length: count - 1 }, (_, index) => ({ name: `control-plane-${index + 2}`, address: `10.0.0.${9 - index}` }));
  return [{ name: 'control-plane', address: '10.0.0.10' }, ...others];
}

/** The components of one control-plane node, as clients of its own API server; none of them started. */
export function createMember(ingredients: Ingredients, node: ControlPlaneNode, server: ApiServer): Member {
  const { kernel, options, checkPolicy } = ingredients;
  const gate = new Gate(server.handle, `${node.address}:6443`);
  const clientFor = clientFactory(ingredients, gate.handle);
  return {
    ...node, server, gate,
    manager: createControllerManager({ kernel, clientFor, options: { leaderElect: true, instance: node.name, rootCertificates: rootCertificates(options), ...(options.sign && { sign: options.sign }), serviceAccountToken: legacyTokenMaker(), checkPolicy } }),
    scheduler: createScheduler({ kernel, client: clientFor('system:kube-scheduler'), host: node.name, leaderElect: true }),
  };
}
