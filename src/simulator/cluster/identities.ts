import type { Credentials } from '../api';

const certificate = (commonName: string, ...organizations: string[]): Credentials => Object.freeze({ certificate: Object.freeze({ commonName, organizations: Object.freeze(organizations) }) });

/** The subjects of the client certificates that kubeadm makes. (kubernetes.io: PKI certificates and requirements) */
export const identities = {
  /** kubectl on the workstation: admin.conf */
  admin: certificate('kubernetes-admin', 'kubeadm:cluster-admins', 'system:masters'),
  controllerManager: certificate('system:kube-controller-manager'),
  scheduler: certificate('system:kube-scheduler'),
  kubelet: (node: string): Credentials => certificate(`system:node:${node}`, 'system:nodes'),
} as const;

/** Under the name of a user of the cluster; a service account is in the groups of all of them. */
export function identity(user: string): Credentials {
  const account = /^system:serviceaccount:([^:]+):/.exec(user);
  return account ? certificate(user, 'system:serviceaccounts', `system:serviceaccounts:${account[1]}`) : certificate(user);
}

/** The User-Agent of a component of this version; its first part becomes the field manager. */
export const userAgent = (component: string): string => `${component}/v1.36.3 (linux/amd64) kubernetes/0000000`;
