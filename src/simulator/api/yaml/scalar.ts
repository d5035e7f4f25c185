const yes = new Set(['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON', 'true', 'True', 'TRUE']);
const no = new Set(['n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF', 'false', 'False', 'FALSE']);
const nulls = new Set(['', '~', 'null', 'Null', 'NULL']);
const special = /^[-+]?\.(?:inf|Inf|INF)$|^\.(?:nan|NaN|NAN)$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

function integer(text: string): number | bigint | undefined {
  const plain = text.replaceAll('_', '');
  const sign = plain.startsWith('-') ? -1n : 1n;
  const digits = plain.replace(/^[-+]/, '');
  let value: bigint | undefined;
  if (/^0[xX][0-9a-fA-F]+$/.test(digits) || /^0[bB][01]+$/.test(digits) || /^0o[0-7]+$/.test(digits)) value = BigInt(digits);
  else if (/^0[0-7]+$/.test(digits)) value = BigInt(`0o${digits.slice(1)}`);
  else if (/^(?:0|[1-9][0-9]*)$/.test(digits)) value = BigInt(digits);
  if (value === undefined || value > 18446744073709551615n) return undefined;
  const signed = value * sign;
  return signed >= -9007199254740991n && signed <= 9007199254740991n ? Number(signed) : signed;
}

/** Infinity and NaN can be read but not be written as JSON. */
export class NotFinite extends Error {}

/** The value of a plain YAML 1.1 scalar as go-yaml reads it: y, on and 0777 have meanings, 1:30 and dates have none. */
export function plainScalar(text: string): string | number | bigint | boolean | null {
  if (yes.has(text)) return true;
  if (no.has(text)) return false;
  if (nulls.has(text)) return null;
  if (special.test(text)) throw new NotFinite(`json: unsupported value: ${text.toLowerCase().includes('nan') ? 'NaN' : text.startsWith('-') ? '-Inf' : '+Inf'}`);
  const first = text.charCodeAt(0);
  const isNumeric = (first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46;
  if (!isNumeric) return text;
  const whole = integer(text);
  if (whole !== undefined) return whole;
  const plain = text.replaceAll('_', '');
  if (!float.test(plain)) return text;
  const value = Number(plain);
  return Number.isFinite(value) ? value : text;
}
