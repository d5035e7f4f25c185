import type { Credentials } from '../../api';
import { utf8Encode } from '../../kernel';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base64 of UTF-8 text. */
export function toBase64(text: string): string {
  const bytes = utf8Encode(text);
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b, c] = [bytes[i], bytes[i + 1], bytes[i + 2]];
    out += `${alphabet[a >> 2]}${alphabet[((a & 3) << 4) | ((b ?? 0) >> 4)]}${b === undefined ? '=' : alphabet[((b & 15) << 2) | ((c ?? 0) >> 6)]}${c === undefined ? '=' : alphabet[c & 63]}`;
  }
  return out;
}

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

const fromBase64 = (text: string): string => {
  let bits = 0;
  let held = 0;
  let out = '';
  for (const letter of text) {
    const value = alphabet.indexOf(letter);
    if (value < 0) continue;
    held = (held << 6) | value;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out += String.fromCharCode((held >> bits) & 0xff);
    held &= (1 << bits) - 1;
  }
  return out;
};

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

