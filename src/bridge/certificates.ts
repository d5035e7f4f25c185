import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto as never);

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const day = 24 * 60 * 60 * 1000;

/** A certificate with its key, both PEM. */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

/** Who signs: a certificate and its keys, ready for use. */
interface Authority {
  readonly certificate: x509.X509Certificate;
  readonly keys: webcrypto.CryptoKeyPair;
}

const pem = (key: ArrayBuffer): string => x509.PemConverter.encode(key, 'PRIVATE KEY');

async function identity(subject: string, authority: Authority, usage: x509.ExtendedKeyUsage, names: x509.JsonGeneralNames): Promise<Identity> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.create({
    subject,
    issuer: authority.certificate.subject,
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + 365 * day),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: authority.keys.privateKey,
    extensions: [new x509.ExtendedKeyUsageExtension([usage]), ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : [])],
  });
  return { certificate: certificate.toString('pem'), key: pem(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)) };
}

/** Makes the authority of a new cluster. */
export async function makeAuthority(): Promise<Identity> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=kubernetes',
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + 3650 * day),
    signingAlgorithm: algorithm,
    keys,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true), new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature, true)],
  });
  return { certificate: `${certificate.toString('pem').trimEnd()}\n`, key: pem(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)) };
}

async function opened({ certificate, key }: Identity): Promise<Authority> {
  const read = new x509.X509Certificate(certificate);
  const privateKey = await webcrypto.subtle.importKey('pkcs8', x509.PemConverter.decodeFirst(key), algorithm, true, ['sign']);
  const publicKey = await webcrypto.subtle.importKey('spki', read.publicKey.rawData, algorithm, true, ['verify']);
  return { certificate: read, keys: { privateKey, publicKey } };
}

/** The certificate of a server at these addresses. */
export async function serverIdentity(authority: Identity, addresses: readonly string[]): Promise<Identity> {
  const names: x509.JsonGeneralNames = [
    ...['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local'].map((value) => ({ type: 'dns' as const, value })),
    ...addresses.map((value) => ({ type: 'ip' as const, value })),
  ];
  return identity('CN=kube-apiserver', await opened(authority), x509.ExtendedKeyUsage.serverAuth, names);
}

/** The certificate of the cluster's admin. */
export const adminIdentity = async (authority: Identity): Promise<Identity> => identity('O=system:masters, CN=kubernetes-admin', await opened(authority), x509.ExtendedKeyUsage.clientAuth, []);
