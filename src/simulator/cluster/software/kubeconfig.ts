import { base64Decode, base64Encode, type Credentials } from '../../api';
import { utf8Decode, utf8Encode } from '../../kernel';

/** Base64 of UTF-8 text. */
const toBase64 = (text: string): string => base64Encode(utf8Encode(text));
const fromBase64 = (text: string): string => utf8Decode(base64Decode(text));

const wrap = (title: string, text: string): string => `-----BEGIN ${title}-----\n${toBase64(text)}\n-----END ${title}-----\n`;

/** A kubeconfig for a user with a client certificate. The certificates of this world are their subjects, wrapped as PEM. */
export function kubeconfigOf(server: string, name: string, credentials: Credentials & { readonly certificate: unknown }): string {
  return `apiVersion: v1
kind: Config
clusters:
- name: kubernetes
  cluster:
    certificate-authority-data: ${toBase64(wrap('CERTIFICATE', 'CN=kubernetes'))}
    server: ${server}
contexts:
- name: ${name}@kubernetes
  context:
    cluster: kubernetes
    user: ${name}
current-context: ${name}@kubernetes
users:
- name: ${name}
  user:
    client-certificate-data: ${toBase64(wrap('CERTIFICATE', JSON.stringify(credentials)))}
    client-key-data: ${toBase64(wrap('PRIVATE KEY', name))}
`;
}

/** Whom a kubeconfig's user stands for: by token, by certificate, or nobody. */
export function credentialsOf(user: Readonly<Record<string, unknown>>): Credentials {
  const { token, 'client-certificate-data': certificate } = user;
  if (typeof token === 'string' && token !== '') return { token };
  if (typeof certificate !== 'string') return { anonymous: true };
  const body = /-----BEGIN CERTIFICATE-----\n([^-]*)/.exec(fromBase64(certificate))?.[1];
  try {
    const value = JSON.parse(fromBase64(body ?? '')) as Credentials;
    return 'certificate' in value ? value : { anonymous: true };
  } catch (error) {
    if (error instanceof SyntaxError) return { anonymous: true }; // no certificate of this world's
    throw error;
  }
}

