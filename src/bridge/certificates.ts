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

/** The certificates of one run: made anew each time, kept nowhere but in the kubeconfig. */
export interface Certificates {
  readonly authority: string;
  readonly server: Identity;
  readonly admin: Identity;
}

const pem = (key: ArrayBuffer): string => x509.PemConverter.encode(key, 'PRIVATE KEY');

async function identity(subject: string, authority: { certificate: x509.X509Certificate; keys: webcrypto.CryptoKeyPair }, usage: x509.ExtendedKeyUsage, names: x509.JsonGeneralNames): Promise<Identity> {
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

/** Makes an authority, and with it the certificates of a server at `addresses` and of the admin. */
export async function makeCertificates(addresses: readonly string[]): Promise<Certificates> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=kubernetes',
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + 3650 * day),
    signingAlgorithm: algorithm,
    keys,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true), new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature, true)],
  });
  const names: x509.JsonGeneralNames = [
    ...['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local'].map((value) => ({ type: 'dns' as const, value })),
    ...addresses.map((value) => ({ type: 'ip' as const, value })),
  ];
  const authority = { certificate, keys };
  return {
    authority: certificate.toString('pem'),
    server: await identity('CN=kube-apiserver', authority, x509.ExtendedKeyUsage.serverAuth, names),
    admin: await identity('O=system:masters, CN=kubernetes-admin', authority, x509.ExtendedKeyUsage.clientAuth, []),
  };
}
