import { base64Decode } from '../../kernel';

/** What the blocks of a type (CERTIFICATE) hold in a PEM text (RFC 7468), in their order. */
export const pemContents = (text: string, type: string): Uint8Array[] =>
  [...text.matchAll(new RegExp(`-----BEGIN ${type}-----([^-]*)-----END ${type}-----`, 'g'))].map(([, body = '']) => base64Decode(body.replace(/\s/g, '')));
