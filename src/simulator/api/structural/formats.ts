import { parseCidr, parseIp, timeError } from '../values';
import { isDns1123Label, isDns1123Subdomain } from '../names';
import { parseDurationNanoseconds } from '../duration';

const is = (pattern: RegExp) => (text: string) => pattern.test(text);

function isDuration(text: string): boolean {
  try {
    parseDurationNanoseconds(text);
    return true;
  } catch {
    return /^(?:\d+ ?(?:ns|us|µs|ms|s|m|h|d|w|(?:nano|micro|milli)?seconds?|minutes?|hours?|days?|weeks?) ?)+$/.test(text);
  }
}

/** The formats of strings that the server checks; others are let through. */
export const stringFormats: Readonly<Record<string, (text: string) => boolean>> = {
  'date-time': (text) => timeError(text.toUpperCase(), 'time') === undefined,
  date: is(/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/),
  duration: isDuration,
  ipv4: (text) => parseIp(text)?.family === 4,
  ipv6: (text) => parseIp(text)?.family === 6,
  cidr: (text) => parseCidr(text) !== undefined,
  email: is(/^(?:[^<>]*<[^\s@<>]+@[^\s@<>]+>|[^\s@<>]+@[^\s@<>]+)$/),
  uri: is(/^(?:[a-zA-Z][a-zA-Z0-9+.-]*:|\/)[^\s]*$/),
  hostname: (text) => isDns1123Label(text.toLowerCase()).length === 0,
  byte: is(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/),
  mac: is(/^(?:[0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}$/),
  uuid: is(/^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i),
  uuid3: is(/^[0-9a-f]{8}-?[0-9a-f]{4}-?3[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i),
  uuid4: is(/^[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$/i),
  uuid5: is(/^[0-9a-f]{8}-?[0-9a-f]{4}-?5[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$/i),
  isbn: is(/^(?:97[89])?\d{9}[\dXx]$/),
  isbn10: is(/^\d{9}[\dXx]$/),
  isbn13: is(/^97[89]\d{10}$/),
  creditcard: is(/^\d{13,19}$/),
  ssn: is(/^\d{3}[- ]?\d{2}[- ]?\d{4}$/),
  hexcolor: is(/^#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/),
  rgbcolor: is(/^rgb\(\s*\d{1,3}\s*,\s*\d{1,3}\s*,\s*\d{1,3}\s*\)$/),
  password: () => true,
  datetime: (text) => timeError(text.toUpperCase(), 'time') === undefined,
  'k8s-short-name': (text) => isDns1123Label(text).length === 0,
  'k8s-long-name': (text) => isDns1123Subdomain(text).length === 0,
  bsonobjectid: is(/^[0-9a-fA-F]{24}$/),
};
