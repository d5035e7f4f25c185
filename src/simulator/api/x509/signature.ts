import { sha256 } from '../../kernel';
import { DerError, DerReader, tags } from './der';
import { numberOf, p256, type Point, type PublicKey } from './public-key';

const withRsa = '1.2.840.113549.1.1.';
const withCurve = '1.2.840.10045.4.3.';
const sha256WithRsa = `${withRsa}11`;
const sha256WithCurve = `${withCurve}2`;
const unimplemented = 'x509: cannot verify signature: algorithm unimplemented';
const known = new Set([...[11, 12, 13, 10].map((last) => `${withRsa}${last}`), ...[2, 3, 4].map((last) => `${withCurve}${last}`), '1.3.101.112']);

/** Checks that the key signed the message. Signatures over other digests than SHA-256, and of other kinds of keys, pass. */
export function checkSignature(key: PublicKey, algorithm: string, message: Uint8Array, signature: Uint8Array): void {
  if (!known.has(algorithm) || key.kind === 'unknown') throw new DerError(unimplemented);
  if (key.kind === 'rsa' && algorithm === sha256WithRsa) checkRsa(key, message, signature);
  else if (key.kind === 'p256' && algorithm === sha256WithCurve && !curveSigned(key.point, message, signature)) throw new DerError('x509: ECDSA verification failure');
}

/** RSASSA-PKCS1-v1_5 (RFC 8017, 8.2.2). */
function checkRsa({ modulus, exponent, size }: Extract<PublicKey, { kind: 'rsa' }>, message: Uint8Array, signature: Uint8Array): void {
  if (modulus % 2n === 0n) throw new DerError('crypto/rsa: public modulus is even');
  if (exponent % 2n === 0n) throw new DerError('crypto/rsa: public exponent is even');
  const digestInfo = '3031300d060960864801650304020105000420' + hexOf(sha256(message));
  const expected = BigInt(`0x0001${'ff'.repeat(Math.max(0, size - 3 - digestInfo.length / 2))}00${digestInfo}`);
  if (signature.length !== size || power(numberOf(signature), exponent, modulus) !== expected) throw new DerError('crypto/rsa: verification error');
}

const hexOf = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let [result, factor] = [1n, base % modulus];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * factor) % modulus;
    factor = (factor * factor) % modulus;
  }
  return result;
}

/** ECDSA over P-256 (FIPS 186-5, 6.4.2). */
function curveSigned(point: Point, message: Uint8Array, signature: Uint8Array): boolean {
  const { n, base } = p256;
  const pair = signatureNumbers(signature);
  if (!pair) return false;
  const [r, s] = pair;
  if (r <= 0n || r >= n || s <= 0n || s >= n) return false;
  const inverse = power(s, n - 2n, n);
  const sum = added(multiplied(base, (numberOf(sha256(message)) * inverse) % n), multiplied(point, (r * inverse) % n));
  return sum.z !== 0n && affineX(sum) % n === r;
}

function signatureNumbers(signature: Uint8Array): readonly [bigint, bigint] | undefined {
  try {
    const all = new DerReader(signature);
    const inside = new DerReader(all.next({ tag: tags.sequence, name: '' }).content);
    const numbers = [inside.integer(), inside.integer()] as const;
    if (!all.ended || !inside.ended || numbers.some(([first = 0]) => first & 0x80)) return undefined;
    return [numberOf(numbers[0]), numberOf(numbers[1])];
  } catch {
    return undefined;
  }
}

/** A point as X/Z², Y/Z³; Z is 0 at infinity. */
interface Projective extends Point {
  readonly z: bigint;
}

const infinity: Projective = { x: 1n, y: 1n, z: 0n };
const reduced = (value: bigint): bigint => ((value % p256.p) + p256.p) % p256.p;
const affineX = ({ x, z }: Projective): bigint => reduced(x * power(z * z, p256.p - 2n, p256.p));

function doubled({ x, y, z }: Projective): Projective {
  if (z === 0n || y === 0n) return infinity;
  const zz = reduced(z * z);
  const yy = reduced(y * y);
  const s = reduced(4n * x * yy);
  const m = reduced(3n * (x - zz) * (x + zz));
  const nextX = reduced(m * m - 2n * s);
  return { x: nextX, y: reduced(m * (s - nextX) - 8n * yy * yy), z: reduced(2n * y * z) };
}

function added(one: Projective, other: Projective): Projective {
  if (one.z === 0n) return other;
  if (other.z === 0n) return one;
  const [zz1, zz2] = [reduced(one.z * one.z), reduced(other.z * other.z)];
  const [u1, u2] = [reduced(one.x * zz2), reduced(other.x * zz1)];
  const [s1, s2] = [reduced(one.y * zz2 * other.z), reduced(other.y * zz1 * one.z)];
  const [h, r] = [reduced(u2 - u1), reduced(s2 - s1)];
  if (h === 0n) return r === 0n ? doubled(one) : infinity;
  const hh = reduced(h * h);
  const hhh = reduced(h * hh);
  const v = reduced(u1 * hh);
  const x = reduced(r * r - hhh - 2n * v);
  return { x, y: reduced(r * (v - x) - s1 * hhh), z: reduced(one.z * other.z * h) };
}

function multiplied(point: Point, times: bigint): Projective {
  let sum = infinity;
  let power: Projective = { ...point, z: 1n };
  for (let rest = times; rest > 0n; rest >>= 1n) {
    if (rest & 1n) sum = added(sum, power);
    power = doubled(power);
  }
  return sum;
}
