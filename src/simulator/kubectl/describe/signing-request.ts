import { base64Decode, nameAttributes, parseSigningRequest, pemBlocks } from '../../api';
import { utf8Decode } from '../../kernel';

/** The names in a certificate signing request that describe shows. */
export type Subject = Readonly<Record<keyof typeof nameAttributes, string>>;

/** The subject of a PKCS #10 request (RFC 2986) as spec.request holds it: base64 of PEM, which the server has checked. */
export function requestSubject(request: string): Subject {
  const [block] = pemBlocks(utf8Decode(base64Decode(request)));
  const subject = block ? parseSigningRequest(block.bytes).subject : [];
  const all = (attribute: keyof typeof nameAttributes): string => subject.filter(({ type }) => type === nameAttributes[attribute]).map(({ value }) => value).join(', ');
  return { commonName: all('commonName'), serialNumber: all('serialNumber'), organization: all('organization') };
}
