/** An IP address: its family and its bits. */
export interface IpAddress {
  readonly family: 4 | 6;
  readonly bits: bigint;
}

/** A network: an address and how many leading bits count. */
export interface IpNetwork {
  readonly address: IpAddress;
  readonly prefix: number;
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let bits = 0;
  for (const part of parts) {
    if (!/^(0|[1-9][0-9]{0,2})$/.test(part) || Number(part) > 255) return undefined;
    bits = bits * 256 + Number(part);
  }
  return BigInt(bits);
}

function groupsOf(text: string): number[] | undefined {
  if (text === '') return [];
  const out: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (index === parts.length - 1 && part.includes('.')) {
      const v4 = parseV4(part);
      if (v4 === undefined) return undefined;
      out.push(Number(v4 >> 16n), Number(v4 & 0xffffn));
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) out.push(parseInt(part, 16));
    else return undefined;
  }
  return out;
}

function parseV6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = groupsOf(halves[0] ?? '');
  const tail = halves.length === 2 ? groupsOf(halves[1] ?? '') : [];
  if (!head || !tail) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  return [...head, ...new Array<number>(missing).fill(0), ...tail].reduce((bits, group) => (bits << 16n) | BigInt(group), 0n);
}

/** An IPv4 or IPv6 address; undefined if the text is none (leading zeros are refused). */
export function parseIp(text: string): IpAddress | undefined {
  if (!text.includes(':')) {
    const bits = parseV4(text);
    return bits === undefined ? undefined : { family: 4, bits };
  }
  const bits = parseV6(text);
  return bits === undefined ? undefined : { family: 6, bits };
}

/** 10.0.0.0/8; undefined if the text is no network. Bits beyond the prefix are kept. */
export function parseCidr(text: string): IpNetwork | undefined {
  const slash = text.indexOf('/');
  const address = slash < 0 ? undefined : parseIp(text.slice(0, slash));
  const length = text.slice(slash + 1);
  if (!address || !/^(0|[1-9][0-9]{0,2})$/.test(length)) return undefined;
  const prefix = Number(length);
  return prefix > widthOf(address) ? undefined : { address, prefix };
}

const widthOf = (address: IpAddress) => (address.family === 4 ? 32 : 128);

/** The first address of a network. */
export function networkAddress({ address, prefix }: IpNetwork): IpAddress {
  const host = BigInt(widthOf(address) - prefix);
  return { family: address.family, bits: (address.bits >> host) << host };
}

/** Whether a network holds an address. */
export function networkContains(network: IpNetwork, address: IpAddress): boolean {
  const host = BigInt(widthOf(network.address) - network.prefix);
  return network.address.family === address.family && network.address.bits >> host === address.bits >> host;
}

/** Canonical text (RFC 5952 for IPv6). */
export function formatIp({ family, bits }: IpAddress): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 255n).join('.');
  const groups = Array.from({ length: 8 }, (_, i) => Number((bits >> BigInt(112 - 16 * i)) & 0xffffn));
  if (bits >> 32n === 0xffffn) return `::ffff:${formatIp({ family: 4, bits: bits & 0xffffffffn })}`;
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length += 1;
    if (length > best.length) best = { start, length };
  }
  const text = (from: number, to: number) => groups.slice(from, to).map((group) => group.toString(16)).join(':');
  return best.start < 0 ? text(0, 8) : `${text(0, best.start)}::${text(best.start + best.length, 8)}`;
}

/** Canonical text of a network. */
export const formatCidr = ({ address, prefix }: IpNetwork): string => `${formatIp(address)}/${prefix}`;

const withoutLeadingZeros = (text: string): string => text.replace(/(^|\.)0+(?=\d)/g, '$1');
const isMapped = ({ family, bits }: IpAddress): boolean => family === 6 && bits >> 32n === 0xffffn;

/** An address as it could be written before parsing was strict: leading zeros do not count. */
export const parseLegacyIp = (text: string): IpAddress | undefined => parseIp(withoutLeadingZeros(text));

/** Why a text will not do as an address. */
export function ipProblems(text: string): string[] {
  const address = parseLegacyIp(text);
  if (!address) return ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'];
  if (!parseIp(text)) return ['must not have leading 0s'];
  return isMapped(address) ? ['must not be an IPv4-mapped IPv6 address'] : [];
}

/** Why a text will not do as a network. */
export function cidrProblems(text: string): string[] {
  const network = parseCidr(withoutLeadingZeros(text).replace(/\/0+(?=\d)/, '/'));
  if (!network) return ['must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'];
  return [
    ...(parseCidr(text) ? [] : ['must not have leading 0s in IP or prefix length']),
    ...(isMapped(network.address) ? ['must not have an IPv4-mapped IPv6 address'] : []),
    ...(networkAddress(network).bits === network.address.bits ? [] : ['must not have bits set beyond the prefix length']),
  ];
}
