import { type ApiHandler, certificateProblem, type Describe } from '../../api';
import { serverSoftware, type ServerSoftware } from '../../apiserver';
import type { Kernel } from '../../kernel';
import type { NetworkNamespace } from '../../network';
import { busyboxUserland, catalogue, createHost, type Host, type Image } from '../../runtime';
import { identities } from '../identities';
import { kubeconfigOf } from './kubeconfig';
import { kubectlProgram } from './kubectl-program';

/** What the learner's machine is connected to. */
export interface Surroundings {
  readonly kernel: Kernel;
  readonly handler: ApiHandler;
  readonly network: NetworkNamespace;
  /** The learner's folder. */
  readonly home: string;
  /** What kubectl explain says of a field. */
  readonly describe: Describe | undefined;
}

/** What runs on a cluster but does not make one: a page may load it while the cluster comes up. */
export interface Software {
  /** What the registries hold besides the cluster's own images. */
  readonly images: readonly Image[];
  /** What API servers need once the cluster is used. */
  readonly server: ServerSoftware;
  /** Why a server's chain of certificates is refused. */
  readonly certificateProblem: typeof certificateProblem;
  /** The learner's machine: a shell, the usual commands, kubectl with all rights. */
  createWorkstation(surroundings: Surroundings): Host;
}

const server = 'https://10.0.0.10:6443';

/** All of it. */
export const software: Software = {
  images: catalogue,
  server: serverSoftware,
  certificateProblem,
  createWorkstation: ({ kernel, handler, network, home, describe }) => createHost({
    kernel,
    name: 'workstation',
    base: busyboxUserland,
    network,
    home,
    programs: { '/usr/local/bin/kubectl': kubectlProgram({ kernel, handler, server, ...(describe && { describe }) }) },
    files: { [`${home}/.profile`]: 'alias k=kubectl\n', [`${home}/.kube/config`]: { data: kubeconfigOf(server, 'kubernetes-admin', identities.admin as never), mode: 0o600 } },
  }),
};
