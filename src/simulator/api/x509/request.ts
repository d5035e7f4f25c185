import { utf8Decode, utf8Encode } from '../../kernel';
import { bitsOf, checkEnd, checkInteger, DerError, DerReader, type Element, elementsOf, identifierOf, tags } from './der';
import { publicKey } from './public-key';
import { checkSignature } from './signature';

/** One attribute of a subject. */
export interface NameAttribute {
  /** Its object identifier: 2.5.4.3 is the common name. */
  readonly type: string;
  readonly value: string;
}

/** What a certificate signing request (PKCS #10, RFC 2986) asks for. */
export interface SigningRequest {
  readonly subject: readonly NameAttribute[];
}

/** Object identifiers of a subject's attributes. */
export const nameAttributes = { commonName: '2.5.4.3', serialNumber: '2.5.4.5', organization: '2.5.4.10' } as const;

const extensionRequest = '1.2.840.113549.1.9.14';
const alternativeName = '2.5.29.17';

/** Reads a request and checks that its key signed it. Throws a DerError with what is wrong. */
export function parseSigningRequest(der: Uint8Array): SigningRequest {
  const all = new DerReader(der);
  const request = new DerReader(all.next({ tag: tags.sequence, name: 'certificateRequest' }).content);
  const info = request.next({ tag: tags.sequence, name: 'tbsCertificateRequest' });
  const inside = new DerReader(info.content);
  inside.integer();
  const subject = inside.any();
  const key = new DerReader(inside.next({ tag: tags.sequence, name: 'publicKeyInfo' }).content);
  const keyAlgorithm = algorithm(key);
  const keyBits = bitsOf(key.next({ tag: tags.bitString, name: 'BitString' }).content);
  const attributes = elementsOf(inside.next({ class: 2, tag: 0, name: '' }).content);
  const signatureAlgorithm = algorithm(request);
  const signature = bitsOf(request.next({ tag: tags.bitString, name: 'BitString' }).content);
  checkEnd(all);
  const verifier = publicKey(keyAlgorithm, keyBits);
  const names = nameOf(subject);
  for (const attribute of attributes) checkAttribute(attribute);
  checkSignature(verifier, signatureAlgorithm.identifier, info.whole, signature);
  return { subject: names };
}

/** An AlgorithmIdentifier (RFC 5280, 4.1.1.2). */
export interface Algorithm {
  readonly identifier: string;
  readonly parameters: Element | undefined;
}

function algorithm(reader: DerReader): Algorithm {
  const inside = new DerReader(reader.next({ tag: tags.sequence, name: 'AlgorithmIdentifier' }).content);
  const identifier = identifierOf(inside.next({ tag: tags.identifier, name: 'ObjectIdentifier' }).content);
  return { identifier, parameters: inside.ended ? undefined : inside.any() };
}

const sameBytes = (one: Uint8Array, other: Uint8Array): boolean => one.length === other.length && one.every((byte, at) => byte === other[at]);
const latin = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

function textOf({ class: itsClass, constructed, tag, content }: Element): string {
  if (itsClass !== 0 || constructed) return latin(content);
  if (tag === tags.printable && /[^A-Za-z0-9 '()+,\-./:=?*&]/.test(latin(content))) throw new DerError('asn1: syntax error: PrintableString contains invalid character');
  if (tag === tags.ia5 && content.some((byte) => byte > 127)) throw new DerError('asn1: syntax error: IA5String contains invalid character');
  if (tag === tags.integer) checkInteger(content);
  if (tag === tags.bitString) bitsOf(content);
  if (tag === tags.identifier) identifierOf(content);
  if (tag !== tags.utf8) return latin(content);
  const text = utf8Decode(content);
  if (!sameBytes(utf8Encode(text), content)) throw new DerError('asn1: invalid UTF-8 string');
  return text;
}

/** The attributes of a distinguished name, in order. */
function nameOf(name: Element): NameAttribute[] {
  const reader = new DerReader(name.whole);
  const out: NameAttribute[] = [];
  for (const set of elementsOf(reader.next({ tag: tags.sequence, name: 'RDNSequence' }).content, tags.set)) {
    for (const pair of elementsOf(set.content, tags.sequence)) {
      const inside = new DerReader(pair.content);
      const type = identifierOf(inside.next({ tag: tags.identifier, name: 'ObjectIdentifier' }).content);
      out.push({ type, value: textOf(inside.any()) });
    }
  }
  return out;
}

/** Of the attributes only the extensions that are asked for are looked at. */
function checkAttribute(attribute: Element): void {
  let values: Element[];
  try {
    const inside = new DerReader(new DerReader(attribute.whole).next({ tag: tags.sequence, name: '' }).content);
    if (identifierOf(inside.next({ tag: tags.identifier, name: 'ObjectIdentifier' }).content) !== extensionRequest) return;
    values = elementsOf(inside.next({ tag: tags.set, name: '' }).content);
  } catch (error) {
    if (error instanceof DerError) return; // not of the usual form: not ours
    throw error;
  }
  const [extensions] = values;
  if (!extensions) return;
  const list = new DerReader(extensions.whole).next({ tag: tags.sequence, name: '' });
  for (const extension of elementsOf(list.content, tags.sequence)) {
    const inside = new DerReader(extension.content);
    const type = identifierOf(inside.next({ tag: tags.identifier, name: 'ObjectIdentifier' }).content);
    if (inside.tag === tags.boolean) inside.any();
    const { content } = inside.next({ tag: tags.octetString, name: '' });
    if (type === alternativeName) checkAlternativeNames(content);
  }
}

const kinds: Readonly<Record<number, string>> = { 1: 'rfc822Name', 2: 'dNSName', 6: 'uniformResourceIdentifier' };

/** GeneralNames (RFC 5280, 4.2.1.6). */
function checkAlternativeNames(bytes: Uint8Array): void {
  const guarded = <T>(read: () => T, otherwise: string): T => {
    try {
      return read();
    } catch (error) {
      throw error instanceof DerError ? new DerError(otherwise) : error;
    }
  };
  const names = guarded(() => new DerReader(bytes).next({ tag: tags.sequence, name: '' }), 'x509: invalid subject alternative names');
  const reader = new DerReader(names.content);
  while (!reader.ended) {
    const { tag, content } = guarded(() => reader.any(), 'x509: invalid subject alternative name');
    const kind = kinds[tag];
    if (kind !== undefined && content.some((byte) => byte > 127)) throw new DerError(`x509: SAN ${kind} is malformed`);
    if (tag === 7 && content.length !== 4 && content.length !== 16) throw new DerError(`x509: cannot parse IP address of length ${content.length}`);
  }
}
