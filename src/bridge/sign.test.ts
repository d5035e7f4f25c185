import 'reflect-metadata';
import { webcrypto, X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { expect, test } from 'vitest';
import { makeAuthority } from './certificates';
import { signer } from './sign';

const clientSigner = 'kubernetes.io/kube-apiserver-client';

/** A request for jane of devs and ops, as a CertificateSigningRequest carries it. */
async function requestOfJane(): Promise<string> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const made = await x509.Pkcs10CertificateRequestGenerator.create({ name: 'CN=jane, O=devs, O=ops', keys: keys as never, signingAlgorithm: algorithm });
  return Buffer.from(made.toString('pem')).toString('base64');
}

test('an approved request becomes a certificate of the cluster’s authority, for as long and for what was asked', async () => {
  const authority = await makeAuthority();
  const result = signer(authority)({ request: await requestOfJane(), signerName: clientSigner, usages: ['client auth', 'digital signature'], expirationSeconds: 3600 });
  const made = new X509Certificate(Buffer.from('certificate' in result ? result.certificate : '', 'base64'));
  expect(made.verify(new X509Certificate(authority.certificate).publicKey)).toBe(true);
  expect([made.subject, made.issuer, made.ca, made.keyUsage]).toEqual(['O=ops + O=devs\nCN=jane', 'CN=kubernetes', false, ['1.3.6.1.5.5.7.3.2']]);
  expect(Date.parse(made.validTo) - Date.parse(made.validFrom)).toBe(3_600_000);
});

test('a client’s certificate is for clients alone', async () => {
  const result = signer(await makeAuthority())({ request: await requestOfJane(), signerName: clientSigner, usages: ['server auth'] });
  expect(result).toEqual({ failure: 'invalid usage for client certificate: server auth' });
});
