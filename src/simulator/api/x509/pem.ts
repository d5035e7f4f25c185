import { base64Decode, normaliseBase64 } from '../decode';

/** One block of a PEM text (RFC 7468). */
export interface PemBlock {
  readonly type: string;
  /** Whether lines of headers come first, as in RFC 1421. */
  readonly headers: boolean;
  readonly bytes: Uint8Array;
}

const pattern = /(?:^|\n)-----BEGIN ([^\n]*)-----[ \t\r]*\n((?:[^\n:]*:[^\n]*\n)*)([\s\S]*?)-----END ([^\n]*)-----/g;

/** The blocks of a PEM text; what is around them, and broken ones, are passed over. */
export function pemBlocks(text: string): readonly PemBlock[] {
  const out: PemBlock[] = [];
  for (const [, type = '', headers = '', body = '', end] of text.matchAll(pattern)) {
    const { text: digits, errorAt } = normaliseBase64(body.replace(/\s/g, ''));
    if (type === end && errorAt === undefined) out.push({ type, headers: headers !== '', bytes: base64Decode(digits) });
  }
  return out;
}
