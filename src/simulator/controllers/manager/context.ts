import type { ExpressionWarning, ValidatingAdmissionPolicy } from '../../api';
import type { Client, EventRecorder, Informers } from '../../client';
import type { Kernel, Task } from '../../kernel';

/** What the flags of kube-controller-manager say. */
export interface ManagerOptions {
  /** As --controllers: names, '*' for all, '-name' for all but that. Default ['*']. */
  readonly controllers?: readonly string[];
  /** PEM of the certificates that kube-root-ca.crt holds. */
  readonly rootCertificates?: string;
  /** --allocate-node-cidrs with --cluster-cidr. Default '10.244.0.0/16'; '' allocates none. */
  readonly clusterCidr?: string;
  /** Signs approved certificate requests; absent: they stay approved and unissued. Gives PEM, or the reason why not. */
  readonly sign?: (request: { readonly request: string; readonly signerName: string; readonly usages: readonly string[]; readonly expirationSeconds?: number }) => { readonly certificate: string } | { readonly failure: string };
  /** Makes the token of a kubernetes.io/service-account-token Secret. */
  readonly serviceAccountToken?: (claims: { readonly namespace: string; readonly secretName: string; readonly serviceAccountName: string; readonly serviceAccountUid: string }) => string;
  /** What of a policy's expressions does not fit the kinds that it matches; absent: nobody looks. */
  readonly checkPolicy?: (policy: ValidatingAdmissionPolicy) => readonly ExpressionWarning[];
  /** Stand for election by the Lease kube-system/kube-controller-manager. Default false. */
  readonly leaderElect?: boolean;
  /** Who this instance is when it stands for election. */
  readonly instance?: string;
}

/** What a controller is given when it starts. */
export interface ControllerContext {
  readonly kernel: Kernel;
  /** Its own identity's client. */
  readonly client: Client;
  /** Shared by all controllers. */
  readonly informers: Informers;
  readonly options: ManagerOptions;
  /** Events under the name of this component, written with the controller's own identity. */
  recorder(component: string): EventRecorder;
}

/** One controller of the manager. */
export interface Controller {
  /** As --controllers names it. */
  readonly name: string;
  /** Its service account in kube-system (default: `name`), or a user: 'system:…'. */
  readonly identity?: string;
  /** Runs inside the controller's process, whose end ends everything that it spawned. */
  start(context: ControllerContext): Task;
}
