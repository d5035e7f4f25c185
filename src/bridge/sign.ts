import { createPrivateKey, randomBytes, sign as signed, X509Certificate } from 'node:crypto';
import type { ClusterOptions } from '../simulator/cluster';
import type { Identity } from './certificates';

type Sign = NonNullable<ClusterOptions['sign']>;

const defaultLifetime = 365 * 24 * 60 * 60;
/** Seconds by which a certificate is older than it is, for clocks that are slow. */
const backdated = 300;

/** One element of DER (ITU-T X.690). */
function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const size = body.length < 0x80 ? [body.length] : body.length < 0x100 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}

/** The elements inside of one, each with its header. */
function inside(element: Buffer): Buffer[] {
  const headerAt = (at: number): { readonly start: number; readonly end: number } => {
    const first = element[at + 1] ?? 0;
    const count = first < 0x80 ? 0 : first & 0x7f;
    const length = count === 0 ? first : element.readUIntBE(at + 2, count);
    return { start: at + 2 + count, end: at + 2 + count + length };
  };
  const out: Buffer[] = [];
  for (let at = headerAt(0).start; at < element.length; at = headerAt(at).end) out.push(element.subarray(at, headerAt(at).end));
  return out;
}

const sequence = (...content: readonly Buffer[]): Buffer => der(0x30, ...content);
const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const identifier = (content: string): Buffer => der(0x06, hex(content));
const time = (at: Date): Buffer => der(0x17, Buffer.from(`${at.toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`));
const ecdsaWithSha256 = sequence(identifier('2a8648ce3d040302'));

/** Bits of a key usage, and the identifiers of extended ones (RFC 5280, 4.2.1.3 and 4.2.1.12). */
const keyUsages: Readonly<Record<string, number>> = { 'digital signature': 0x80, 'content commitment': 0x40, 'key encipherment': 0x20, 'data encipherment': 0x10, 'key agreement': 0x08 };
const extendedUsages: Readonly<Record<string, string>> = { 'server auth': '2b06010505070301', 'client auth': '2b06010505070302', 'code signing': '2b06010505070303', 'email protection': '2b06010505070304' };

function extensions(usages: readonly string[]): Buffer {
  const critical = der(0x01, hex('ff'));
  const bits = usages.reduce((all, usage) => all | (keyUsages[usage] ?? 0), 0);
  const extended = usages.flatMap((usage) => (extendedUsages[usage] === undefined ? [] : [identifier(extendedUsages[usage])]));
  return sequence(
    ...(bits === 0 ? [] : [sequence(identifier('551d0f'), critical, der(0x04, der(0x03, Buffer.from([0, bits]))))]),
    ...(extended.length === 0 ? [] : [sequence(identifier('551d25'), der(0x04, sequence(...extended)))]),
    sequence(identifier('551d13'), critical, der(0x04, sequence())),
  );
}

/** Attributes of a name in the order in which Kubernetes writes them: country, organizations, units, places, streets, codes, common name, serial number. */
const nameOrder = ['550406', '55040a', '55040b', '550407', '550408', '550409', '550411', '550403', '550405'];

/** A subject as Kubernetes writes it: what is there several times stands together. */
function ordered(subject: Buffer): Buffer {
  const attributes = inside(subject).flatMap(inside);
  return sequence(...nameOrder.flatMap((type) => {
    const same = attributes.filter((attribute) => (inside(attribute)[0] as Buffer).subarray(2).toString('hex') === type);
    return same.length === 0 ? [] : [der(0x31, ...same.sort((one, other) => Buffer.compare(one, other)))];
  }));
}

const clientUsages = new Set(['digital signature', 'key encipherment', 'client auth']);

/** Signs what CertificateSigningRequests ask for, by the cluster's authority. The API server has read the request and checked its own signature. */
export function signer({ certificate, key }: Identity): Sign {
  const authority = inside(inside(new X509Certificate(certificate).raw)[0] as Buffer)[5] as Buffer;
  const privateKey = createPrivateKey(key);
  return ({ request, signerName, usages, expirationSeconds = defaultLifetime }) => {
    const wrong = signerName.startsWith('kubernetes.io/kube-apiserver-client') ? usages.find((usage) => !clientUsages.has(usage)) : undefined;
    if (wrong !== undefined) return { failure: `invalid usage for client certificate: ${wrong}` };
    const pem = Buffer.from(request, 'base64').toString().replace(/-----[^-]+-----|\s/g, '');
    const [, subject, publicKey] = inside(inside(Buffer.from(pem, 'base64'))[0] as Buffer) as [Buffer, Buffer, Buffer];
    const now = Date.now() / 1000;
    const toBeSigned = sequence(
      der(0xa0, der(0x02, hex('02'))),
      der(0x02, Buffer.from([0x01]), randomBytes(15)),
      ecdsaWithSha256,
      authority,
      sequence(time(new Date((now - backdated) * 1000)), time(new Date((now - backdated + expirationSeconds) * 1000))),
      ordered(subject),
      publicKey,
      der(0xa3, extensions(usages)),
    );
    const made = sequence(toBeSigned, ecdsaWithSha256, der(0x03, hex('00'), signed('sha256', toBeSigned, privateKey)));
    const text = `-----BEGIN CERTIFICATE-----\n${made.toString('base64').replace(/.{64}/g, '$&\n').trimEnd()}\n-----END CERTIFICATE-----\n`;
    return { certificate: Buffer.from(text).toString('base64') };
  };
}
