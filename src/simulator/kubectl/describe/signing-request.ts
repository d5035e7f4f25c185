import { base64Decode } from '../../api';
import { utf8Decode } from '../../kernel';

/** The names in a certificate signing request that describe shows. */
export interface Subject {
  readonly commonName: string;
  readonly serialNumber: string;
  readonly organization: string;
}

interface Element {
  readonly tag: number;
  readonly data: Uint8Array;
}

/** The elements of a DER sequence (ITU-T X.690). */
function elements(data: Uint8Array): Element[] {
  const out: Element[] = [];
  for (let at = 0; at + 1 < data.length; ) {
    const tag = data[at] as number;
    let length = data[at + 1] as number;
    at += 2;
    if (length & 0x80) {
      const count = length & 0x7f;
      length = 0;
      for (let i = 0; i < count; i++) length = length * 256 + (data[at++] ?? 0);
    }
    out.push({ tag, data: data.subarray(at, at + length) });
    at += length;
  }
  return out;
}

const names: Readonly<Record<string, keyof Subject>> = { '85,4,3': 'commonName', '85,4,5': 'serialNumber', '85,4,10': 'organization' };

/** The subject of a PKCS #10 request (RFC 2986) as spec.request holds it: base64 of PEM. */
export function requestSubject(request: string): Subject {
  const found: Record<keyof Subject, string> = { commonName: '', serialNumber: '', organization: '' };
  const pem = utf8Decode(base64Decode(request));
  const body = /-----BEGIN [^-]+-----([\s\S]*?)-----END/.exec(pem)?.[1]?.replace(/\s/g, '') ?? '';
  const info = elements(elements(elements(base64Decode(body))[0]?.data ?? new Uint8Array())[0]?.data ?? new Uint8Array());
  for (const set of elements(info[1]?.data ?? new Uint8Array())) {
    for (const pair of elements(set.data)) {
      const [id, value] = elements(pair.data);
      const key = names[String(id?.data ?? '')];
      if (key && value) found[key] = found[key] === '' ? utf8Decode(value.data) : `${found[key]}, ${utf8Decode(value.data)}`;
    }
  }
  return found;
}
