import { DerError, DerReader, identifierOf, tags } from './der';
import type { Algorithm } from './request';

/** A key that signatures can be checked with; 'other': of a kind that they are not checked for. */
export type PublicKey =
  | { readonly kind: 'rsa'; readonly modulus: bigint; readonly exponent: bigint; readonly size: number }
  | { readonly kind: 'p256'; readonly point: Point }
  | { readonly kind: 'other' | 'unknown' };

/** A point of an elliptic curve. */
export interface Point {
  readonly x: bigint;
  readonly y: bigint;
}

/** NIST P-256 (SP 800-186, 3.2.1.3): y² = x³ - 3x + b over the field of p; n points from (x, y) on. */
export const p256 = {
  p: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
  b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  n: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  base: { x: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n, y: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n },
} as const;

/** An unsigned number from its bytes, the most significant first. */
export const numberOf = (bytes: Uint8Array): bigint => bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);

const rsa = '1.2.840.113549.1.1.1';
const ellipticCurve = '1.2.840.10045.2.1';
const curves: Readonly<Record<string, 'p256' | 'other'>> = { '1.2.840.10045.3.1.7': 'p256', '1.3.132.0.33': 'other', '1.3.132.0.34': 'other', '1.3.132.0.35': 'other' };

/** The key that a request is for (RFC 3279, 5480). Throws a DerError when it is none. */
export function publicKey({ identifier, parameters }: Algorithm, bits: Uint8Array): PublicKey {
  if (identifier === rsa) {
    if (parameters?.class !== 0 || parameters.tag !== 5 || parameters.content.length > 0) throw new DerError('x509: RSA key missing NULL parameters');
    return rsaKey(bits);
  }
  if (identifier === ellipticCurve) {
    if (parameters?.class !== 0 || parameters.tag !== tags.identifier) throw new DerError('x509: invalid ECDSA parameters');
    let curve = '';
    try {
      curve = identifierOf(parameters.content);
    } catch {
      throw new DerError('x509: invalid ECDSA parameters');
    }
    const known = curves[curve];
    if (known === undefined) throw new DerError('x509: unsupported elliptic curve');
    return known === 'p256' ? { kind: 'p256', point: pointOf(bits) } : { kind: 'other' };
  }
  return { kind: identifier === '1.3.101.112' ? 'other' : 'unknown' };
}

function rsaKey(bits: Uint8Array): PublicKey {
  const read = <T>(what: string, reading: () => T): T => {
    try {
      return reading();
    } catch (error) {
      throw error instanceof DerError ? new DerError(`x509: invalid RSA ${what}`) : error;
    }
  };
  const sequence = read('public key', () => new DerReader(bits).next({ tag: tags.sequence, name: '' }));
  const inside = new DerReader(sequence.content);
  const modulus = read('modulus', () => inside.integer());
  const exponent = read('public exponent', () => inside.integer());
  if (((modulus[0] ?? 0) & 0x80) !== 0) throw new DerError('x509: RSA modulus is not a positive number');
  if (((exponent[0] ?? 0) & 0x80) !== 0) throw new DerError('x509: RSA public exponent is not a positive number');
  const n = numberOf(modulus);
  return { kind: 'rsa', modulus: n, exponent: numberOf(exponent), size: Math.ceil(n.toString(2).length / 8) };
}

function pointOf(bits: Uint8Array): Point {
  if (bits[0] !== 4) throw new DerError('ecdsa: invalid uncompressed public key');
  if (bits.length !== 65) throw new DerError('invalid P256 point encoding');
  const [x, y] = [numberOf(bits.subarray(1, 33)), numberOf(bits.subarray(33))];
  const { p, b } = p256;
  if (x >= p || y >= p) throw new DerError('invalid P256 element encoding');
  if ((y * y - (x * x * x - 3n * x + b)) % p !== 0n) throw new DerError('P256 point not on curve');
  return { x, y };
}
