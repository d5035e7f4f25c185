import { stringify } from 'yaml';
import type { Secrets } from './data-folder';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** The kubeconfig of the cluster's admin: by certificate, and by a token for clients that read no certificates. */
export function kubeconfig(server: string, { authority, admin, token, bare }: Secrets): string {
  const user = bare ? 'admin' : 'kubernetes-admin';
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'kube-dojang', cluster: { server, 'certificate-authority-data': base64(authority.certificate) } }],
    users: [{ name: user, user: { token, 'client-certificate-data': base64(admin.certificate), 'client-key-data': base64(admin.key) } }],
    contexts: [{ name: 'kube-dojang', context: { cluster: 'kube-dojang', user } }],
    'current-context': 'kube-dojang',
  });
}
