import type { ManagerOptions } from '../controllers';
import type { ApiHandler } from '../api';
import type { ApiServer } from '../apiserver';
import { type Client, createClient } from '../client';
import type { Kernel } from '../kernel';
import type { Network } from '../network';
import type { FileTree, Image } from '../runtime';
import { identity, userAgent } from './identities';
import type { Machine } from './machine';
import type { ClusterOptions } from './options';

/** What a cluster is composed from. */
export interface Ingredients {
  readonly kernel: Kernel;
  readonly network: Network;
  /** One for each control-plane node. */
  readonly servers: readonly [ApiServer, ...ApiServer[]];
  readonly options: ClusterOptions;
  readonly machines: Map<string, Machine>;
  /** What the registries hold besides the cluster's own images. */
  registries(): readonly Image[];
  /** What the controller manager asks of a policy's expressions. */
  readonly checkPolicy: NonNullable<ManagerOptions['checkPolicy']>;
}

/** What a composed cluster offers to its public face. */
export interface Composition {
  /** The API server as clients reach it: shut while it is down. */
  readonly handle: ApiHandler;
  /** Everything that the installer had to create is created. */
  complete(): boolean;
  startControllers(): void;
  stopControllers(): void;
}

/** Clients of components under their users' names. */
export function clientFactory({ kernel, options }: Ingredients, handler: ApiHandler): (user: string) => Client {
  return (user) => {
    const component = user.startsWith('system:serviceaccount:') ? 'kube-controller-manager' : user.replace(/^system:/, '');
    return createClient({ kernel, handler, credentials: identity(user), userAgent: userAgent(component), ...(options.latency !== undefined && { latency: options.latency }) });
  };
}

/** Storage that all nodes reach, by handle; made when it is first asked for. */
export function sharedStorage(create: () => FileTree): (handle: string) => FileTree {
  const stored = new Map<string, FileTree>();
  return (handle) => {
    let tree = stored.get(handle);
    if (!tree) stored.set(handle, (tree = create()));
    return tree;
  };
}

/** What kube-root-ca.crt holds: the authority of the port's certificates, or a certificate of this world's. */
export const rootCertificates = ({ clientCa }: ClusterOptions): string => clientCa ?? '-----BEGIN CERTIFICATE-----\nQ049a3ViZXJuZXRlcw==\n-----END CERTIFICATE-----\n';
