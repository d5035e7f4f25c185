import { hex, parseTime, type Time, utf8Decode } from '../../kernel';
import { bitsOf, DerError, type Element, elementsOf, identifierOf, tags } from './der';
import { publicKey, type PublicKey } from './public-key';

/** What of an X.509 certificate (RFC 5280) decides whether it is trusted. */
export interface Certificate {
  readonly bytes: Uint8Array;
  /** What is signed. */
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
  /** An object identifier. */
  readonly signatureAlgorithm: string;
  /** Names as text that can be compared. */
  readonly issuer: string;
  readonly subject: string;
  readonly commonName: string;
  readonly organization: string;
  readonly notBefore: Time;
  readonly notAfter: Time;
  readonly key: PublicKey;
  readonly isAuthority: boolean;
  /** Whether it names hosts as it should (subjectAltName), not by its common name alone. */
  readonly hasNames: boolean;
  readonly dnsNames: readonly string[];
  /** IPv4. */
  readonly addresses: readonly string[];
  /** Object identifiers of what the key may be used for; empty for anything. */
  readonly usages: readonly string[];
}

const missing = (what: string): DerError => new DerError(`x509: malformed ${what}`);

function partsOf(element: Element | undefined, what: string): Element[] {
  if (!element) throw missing(what);
  return elementsOf(element.content);
}

const textOf = (element: Element | undefined): string => (element ? utf8Decode(element.content) : '');

function attribute(name: Element, wanted: string): string {
  for (const set of elementsOf(name.content)) {
    for (const pair of elementsOf(set.content)) {
      const [type, value] = elementsOf(pair.content);
      if (type && identifierOf(type.content) === wanted) return textOf(value);
    }
  }
  return '';
}

const utcTime = 23;

/** UTCTime has years of two digits, GeneralizedTime of four. */
function timeOf(element: Element | undefined): Time {
  const digits = textOf(element);
  const full = element?.tag === utcTime ? `${Number(digits.slice(0, 2)) < 50 ? '20' : '19'}${digits}` : digits;
  const time = parseTime(full.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (time === undefined) throw missing('validity');
  return time;
}

function keyOf(info: Element | undefined): PublicKey {
  const [algorithm, bits] = partsOf(info, 'public key');
  const [identifier, parameters] = partsOf(algorithm, 'public key');
  if (!identifier || !bits) throw missing('public key');
  return publicKey({ identifier: identifierOf(identifier.content), parameters }, bitsOf(bits.content));
}

function extensionsOf(parts: readonly Element[]): ReadonlyMap<string, readonly Element[]> {
  const found = new Map<string, readonly Element[]>();
  const list = parts.find((part) => part.class === 2 && part.tag === 3);
  for (const extension of list ? partsOf(elementsOf(list.content)[0], 'extensions') : []) {
    const [id, ...rest] = elementsOf(extension.content);
    const value = rest[rest.length - 1];
    const [inside] = value ? elementsOf(value.content) : [];
    if (id && inside?.constructed) found.set(identifierOf(id.content), elementsOf(inside.content));
  }
  return found;
}

/** Reads a certificate. Throws DerError. */
export function parseCertificate(bytes: Uint8Array): Certificate {
  const [signed, algorithm, signature] = partsOf(elementsOf(bytes)[0], 'certificate');
  const parts = partsOf(signed, 'tbs certificate');
  const [, , issuer, validity, subject, key] = parts[0]?.class === 2 ? parts.slice(1) : parts;
  const [signatureAlgorithm] = partsOf(algorithm, 'algorithm');
  if (!signed || !signature || !signatureAlgorithm || !issuer || !subject) throw missing('certificate');
  const [notBefore, notAfter] = partsOf(validity, 'validity');
  const extensions = extensionsOf(parts);
  const names = extensions.get('2.5.29.17');
  const [authority] = extensions.get('2.5.29.19') ?? [];
  const general = (tag: number): Element[] => (names ?? []).filter((name) => name.class === 2 && name.tag === tag);
  return {
    bytes, signed: signed.whole, signature: bitsOf(signature.content), signatureAlgorithm: identifierOf(signatureAlgorithm.content),
    issuer: hex(issuer.whole), subject: hex(subject.whole), commonName: attribute(subject, '2.5.4.3'), organization: attribute(subject, '2.5.4.10'),
    notBefore: timeOf(notBefore), notAfter: timeOf(notAfter), key: keyOf(key),
    isAuthority: authority?.tag === tags.boolean && authority.content[0] !== 0,
    hasNames: names !== undefined,
    dnsNames: general(2).map(textOf),
    addresses: general(7).filter(({ content }) => content.length === 4).map(({ content }) => content.join('.')),
    usages: (extensions.get('2.5.29.37') ?? []).map(({ content }) => identifierOf(content)),
  };
}
