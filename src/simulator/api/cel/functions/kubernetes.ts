import { isDns1035Label, isDns1123Label, isDns1123Subdomain, isQualifiedName, isValidLabelValue } from '../../names';
import { type Amount, parseQuantity } from '../../quantity';
import { formatCidr, formatIp, type IpAddress, type IpNetwork, networkAddress, networkContains, parseCidr, parseIp } from '../../values';
import { CelError, type CelObject, none, Optional } from '../values';
import { global, type Library, method } from './function';

class QuantityValue implements CelObject {
  readonly celType = 'kubernetes.Quantity';
  constructor(readonly amount: Amount) {}

  call(name: string): unknown {
    return name === 'string' ? this.amount.toString() : undefined;
  }

  equals(other: unknown): boolean {
    return other instanceof QuantityValue && other.amount.compare(this.amount) === 0;
  }
}

class IpValue implements CelObject {
  readonly celType = 'net.IP';
  constructor(readonly address: IpAddress) {}

  call(name: string): unknown {
    return name === 'string' ? formatIp(this.address) : undefined;
  }

  equals(other: unknown): boolean {
    return other instanceof IpValue && other.address.family === this.address.family && other.address.bits === this.address.bits;
  }
}

class CidrValue implements CelObject {
  readonly celType = 'net.CIDR';
  constructor(readonly network: IpNetwork) {}

  call(name: string): unknown {
    return name === 'string' ? formatCidr(this.network) : undefined;
  }

  equals(other: unknown): boolean {
    return other instanceof CidrValue && formatCidr(other.network) === formatCidr(this.network);
  }
}

class UrlValue implements CelObject {
  readonly celType = 'kubernetes.URL';
  constructor(readonly parts: UrlParts) {}

  call(name: string): unknown {
    return name === 'string' ? this.parts.text : undefined;
  }

  equals(other: unknown): boolean {
    return other instanceof UrlValue && other.parts.text === this.parts.text;
  }
}

interface UrlParts {
  readonly text: string;
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function quantityOf(text: string): QuantityValue {
  try {
    return new QuantityValue(parseQuantity(text));
  } catch (error) {
    throw new CelError((error as Error).message);
  }
}
const safe = 9_007_199_254_740_991_000_000_000n;

const compare = (a: QuantityValue, b: QuantityValue) => BigInt(a.amount.compare(b.amount));
const operand = (value: unknown): Amount => (value instanceof QuantityValue ? value.amount : parseQuantity(String(value)));

const quantities: Library = {
  quantity: [global('string', 'quantity', quantityOf)],
  isQuantity: [global('string', 'bool', (text: string) => attempt(() => quantityOf(text)) !== undefined)],
  isInteger: [method('quantity', 'bool', ({ amount }: QuantityValue) => amount.nano % 1_000_000_000n === 0n && amount.nano < safe * 1000n)],
  asInteger: [method('quantity', 'int', ({ amount }: QuantityValue) => {
    if (amount.nano % 1_000_000_000n !== 0n) throw new CelError('cannot convert value to integer');
    return amount.nano / 1_000_000_000n;
  })],
  asApproximateFloat: [method('quantity', 'double', ({ amount }: QuantityValue) => amount.toNumber())],
  sign: [global('quantity', 'int', ({ amount }: QuantityValue) => BigInt(amount.sign))],
  add: ['quantity', 'int'].map((type) => method(`quantity ${type}`, 'quantity', (a: QuantityValue, b: unknown) => new QuantityValue(a.amount.add(operand(b))))),
  sub: ['quantity', 'int'].map((type) => method(`quantity ${type}`, 'quantity', (a: QuantityValue, b: unknown) => new QuantityValue(a.amount.subtract(operand(b))))),
  compareTo: [method('quantity quantity', 'int', compare), method('semver semver', 'int', (a: SemverValue, b: SemverValue) => BigInt(a.compare(b)))],
  isGreaterThan: [method('quantity quantity', 'bool', (a: QuantityValue, b: QuantityValue) => compare(a, b) > 0n), method('semver semver', 'bool', (a: SemverValue, b: SemverValue) => a.compare(b) > 0)],
  isLessThan: [method('quantity quantity', 'bool', (a: QuantityValue, b: QuantityValue) => compare(a, b) < 0n), method('semver semver', 'bool', (a: SemverValue, b: SemverValue) => a.compare(b) < 0)],
};

const semverShape = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z-.]+)?$/;

class SemverValue implements CelObject {
  readonly celType = 'kubernetes.Semver';
  constructor(
    readonly numbers: readonly number[],
    readonly pre: string,
  ) {}

  call(): unknown {
    return undefined;
  }

  compare(other: SemverValue): number {
    for (let i = 0; i < 3; i++) if (this.numbers[i] !== other.numbers[i]) return (this.numbers[i] ?? 0) - (other.numbers[i] ?? 0) > 0 ? 1 : -1;
    if (this.pre === other.pre) return 0;
    if (this.pre === '' || other.pre === '') return this.pre === '' ? 1 : -1;
    return comparePre(this.pre.split('.'), other.pre.split('.'));
  }

  equals(other: unknown): boolean {
    return other instanceof SemverValue && this.compare(other) === 0;
  }
}

/** Identifiers of a pre-release: numbers by value, before words. */
function comparePre(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [one, other] = [a[i], b[i]];
    if (one === other) continue;
    if (one === undefined || other === undefined) return one === undefined ? -1 : 1;
    const [left, right] = [/^\d+$/.test(one), /^\d+$/.test(other)];
    if (left && right) return Number(one) < Number(other) ? -1 : 1;
    if (left !== right) return left ? -1 : 1;
    return one < other ? -1 : 1;
  }
  return 0;
}

function semverOf(text: string, normalise = false): SemverValue {
  const input = normalise ? text.replace(/^v/, '').replace(/^(\d+)$/, '$1.0').replace(/^(\d+\.\d+)$/, '$1.0') : text;
  const match = semverShape.exec(input);
  if (!match) throw new CelError(input.split('.').length < 3 ? 'No Major.Minor.Patch elements found' : `Invalid character(s) found in version ${JSON.stringify(text)}`);
  return new SemverValue([Number(match[1]), Number(match[2]), Number(match[3])], match[4] ?? '');
}

const semvers: Library = {
  semver: [global('string', 'semver', (text: string) => semverOf(text)), global('string bool', 'semver', semverOf)],
  isSemver: [global('string', 'bool', (text: string) => attempt(() => semverOf(text)) !== undefined), global('string bool', 'bool', (text: string, normalise: boolean) => attempt(() => semverOf(text, normalise)) !== undefined)],
  major: [method('semver', 'int', (value: SemverValue) => BigInt(value.numbers[0] ?? 0))],
  minor: [method('semver', 'int', (value: SemverValue) => BigInt(value.numbers[1] ?? 0))],
  patch: [method('semver', 'int', (value: SemverValue) => BigInt(value.numbers[2] ?? 0))],
};

function ipOf(text: string): IpValue {
  const address = parseIp(text);
  if (!address) throw new CelError(`IP Address ${JSON.stringify(text)} parse error during conversion from string: ParseAddr(${JSON.stringify(text)}): ${addressFault(text)}`);
  return new IpValue(address);
}

/** Why a text is no address, as Go says it. */
function addressFault(text: string): string {
  if (text.includes(':') || !/^[\d.]+$/.test(text)) return 'unable to parse IP';
  const parts = text.split('.');
  if (parts.some((part) => part.length > 1 && part.startsWith('0'))) return 'IPv4 field has octet with leading zero';
  if (parts.some((part) => Number(part) > 255)) return 'IPv4 field has value >255';
  if (parts.length < 4) return 'IPv4 address too short';
  return parts.length > 4 ? 'IPv4 address too long' : 'unable to parse IP';
}

function prefixFault(text: string): string {
  const slash = text.lastIndexOf('/');
  if (slash < 0) return "no '/'";
  const address = text.slice(0, slash);
  if (!parseIp(address)) return `ParseAddr(${JSON.stringify(address)}): ${addressFault(address)}`;
  return /^\d+$/.test(text.slice(slash + 1)) ? 'prefix length out of range' : `bad bits after slash: ${JSON.stringify(text.slice(slash + 1))}`;
}

function cidrOf(text: string): CidrValue {
  const network = parseCidr(text);
  if (!network) {
    const prefix = 'network address parse error during conversion from string: ';
    throw new CelError(`${prefix}${prefix}netip.ParsePrefix(${JSON.stringify(text)}): ${prefixFault(text)}`);
  }
  return new CidrValue(network);
}

const within = (address: IpAddress, v4: string, v6: string): boolean => {
  const network = parseCidr(address.family === 4 ? v4 : v6);
  return network !== undefined && networkContains(network, address);
};
const loopback = ({ address }: IpValue) => within(address, '127.0.0.0/8', '::1/128');
const linkLocal = ({ address }: IpValue) => within(address, '169.254.0.0/16', 'fe80::/10');
const multicast = ({ address }: IpValue) => within(address, '224.0.0.0/4', 'ff00::/8');
const asIp = (value: unknown) => (typeof value === 'string' ? ipOf(value) : (value as IpValue));
const asCidr = (value: unknown) => (typeof value === 'string' ? cidrOf(value) : (value as CidrValue));
const contains = (outer: CidrValue, inner: CidrValue) => inner.network.prefix >= outer.network.prefix && networkContains(outer.network, inner.network.address);

const addresses: Library = {
  string: ['ip', 'cidr'].map((type) => global(type, 'string', (value: CelObject) => value.call('string', []))),
  ip: [global('string', 'ip', ipOf), method('cidr', 'ip', ({ network }: CidrValue) => new IpValue(network.address))],
  isIP: [global('string', 'bool', (text: string) => parseIp(text) !== undefined)],
  'ip.isCanonical': [global('string', 'bool', (text: string) => ipOf(text).call('string') === text)],
  family: [method('ip', 'int', ({ address }: IpValue) => BigInt(address.family))],
  isUnspecified: [method('ip', 'bool', ({ address }: IpValue) => address.bits === 0n)],
  isLoopback: [method('ip', 'bool', loopback)],
  isLinkLocalUnicast: [method('ip', 'bool', linkLocal)],
  isLinkLocalMulticast: [method('ip', 'bool', ({ address }: IpValue) => within(address, '224.0.0.0/24', 'ff02::/16'))],
  isGlobalUnicast: [method('ip', 'bool', (value: IpValue) => value.address.bits !== 0n && !loopback(value) && !linkLocal(value) && !multicast(value) && formatIp(value.address) !== '255.255.255.255')],
  cidr: [global('string', 'cidr', cidrOf)],
  isCIDR: [global('string', 'bool', (text: string) => parseCidr(text) !== undefined)],
  containsIP: ['ip', 'string'].map((type) => method(`cidr ${type}`, 'bool', (network: CidrValue, value: unknown) => networkContains(network.network, asIp(value).address))),
  containsCIDR: ['cidr', 'string'].map((type) => method(`cidr ${type}`, 'bool', (network: CidrValue, value: unknown) => contains(network, asCidr(value)))),
  masked: [method('cidr', 'cidr', ({ network }: CidrValue) => new CidrValue({ address: networkAddress(network), prefix: network.prefix }))],
  prefixLength: [method('cidr', 'int', ({ network }: CidrValue) => BigInt(network.prefix))],
};

const urlShape = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?:\/\/(?:[^@/?#]*@)?([^/?#]*))?([^?#]*)(?:\?([^#]*))?$/;

function urlOf(text: string): UrlValue {
  const match = urlShape.exec(text);
  if (!match || (match[1] === undefined && !text.startsWith('/')) || /[\s]/.test(text)) throw new CelError(`URL parse error during conversion from string: parse ${JSON.stringify(text)}: invalid URI for request`);
  return new UrlValue({ text, scheme: match[1] ?? '', host: match[2] ?? '', path: match[3] ?? '', query: match[4] ?? '' });
}

const port = (host: string) => /:(\d*)$/.exec(host)?.[1] ?? '';
const decode = (text: string) => attempt(() => decodeURIComponent(text.replaceAll('+', ' '))) ?? text;

const urls: Library = {
  url: [global('string', 'url', urlOf)],
  isURL: [global('string', 'bool', (text: string) => attempt(() => urlOf(text)) !== undefined)],
  getScheme: [method('url', 'string', ({ parts }: UrlValue) => parts.scheme)],
  getHost: [method('url', 'string', ({ parts }: UrlValue) => parts.host)],
  getHostname: [method('url', 'string', ({ parts }: UrlValue) => parts.host.replace(/:\d*$/, '').replace(/^\[|\]$/g, ''))],
  getPort: [method('url', 'string', ({ parts }: UrlValue) => port(parts.host))],
  getEscapedPath: [method('url', 'string', ({ parts }: UrlValue) => parts.path)],
  getQuery: [method('url', 'map<string,list<string>>', ({ parts }: UrlValue) => {
    const out: Record<string, string[]> = {};
    for (const pair of parts.query.split('&').filter((text) => text !== '')) {
      const [key = '', value = ''] = pair.split('=');
      (out[decode(key)] ??= []).push(decode(value));
    }
    return out;
  })],
};

type Check = (text: string) => readonly string[];
const pattern = (expression: RegExp, message: string): Check => (text) => (expression.test(text) ? [] : [message]);
const prefixed = (check: Check): Check => (text) => check(text.endsWith('-') ? `${text.slice(0, -1)}a` : text);
const formats: Readonly<Record<string, Check>> = {
  dns1123Label: isDns1123Label, dns1123Subdomain: isDns1123Subdomain, dns1035Label: isDns1035Label, qualifiedName: isQualifiedName, labelValue: isValidLabelValue,
  dns1123LabelPrefix: prefixed(isDns1123Label), dns1123SubdomainPrefix: prefixed(isDns1123Subdomain), dns1035LabelPrefix: prefixed(isDns1035Label),
  uuid: pattern(/^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/, 'does not match the UUID format'),
  byte: pattern(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, 'invalid base64'),
  date: pattern(/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/, 'invalid date'),
  datetime: pattern(/^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[-+]\d\d:\d\d)$/, 'invalid datetime'),
  uri: (text) => (attempt(() => urlOf(text)) ? [] : [`parse ${JSON.stringify(text)}: invalid URI for request`]),
};

class FormatValue implements CelObject {
  readonly celType = 'kubernetes.NamedFormat';
  constructor(readonly name: string) {}

  call(): unknown {
    return undefined;
  }
}

const named: Library = {
  ...Object.fromEntries(Object.keys(formats).map((name) => [`format.${name}`, [global('', 'namedFormat', () => new FormatValue(name))]])),
  'format.named': [global('string', 'optional<namedFormat>', (name: string) => (formats[name] ? new Optional(new FormatValue(name)) : none))],
  validate: [method('namedFormat string', 'optional<list<string>>', ({ name }: FormatValue, text: string) => {
    const errors = formats[name]?.(text) ?? [];
    return errors.length === 0 ? none : new Optional(errors);
  })],
  'jsonpatch.escapeKey': [global('string', 'string', (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1'))],
};

/** What Kubernetes adds to CEL (https://kubernetes.io/docs/reference/using-api/cel/). */
export const kubernetes: Library = { ...quantities, ...semvers, ...addresses, ...urls, ...named };
