import type { IpAddress } from './interface';

/** An IPv4 address as a number; undefined if the text is none. */
export function parseAddress(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0;
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part)) return undefined;
    const octet = Number(part);
    if (octet > 255) return undefined;
    value = value * 256 + octet;
  }
  return value;
}

/** The text of an IPv4 address. */
export const formatAddress = (value: number): IpAddress =>
  `${Math.floor(value / 16_777_216) % 256}.${Math.floor(value / 65_536) % 256}.${Math.floor(value / 256) % 256}.${value % 256}`;

export const isIpAddress = (text: string): boolean => parseAddress(text) !== undefined;

/** 127.0.0.0/8. */
export const isLoopback = (address: IpAddress): boolean => address.startsWith('127.');

/** An IPv4 range. */
export interface AddressRange {
  readonly first: number;
  readonly size: number;
  readonly prefix: number;
}

/** Reads 10.244.1.0/24; undefined if it is no range. */
export function parseRange(text: string): AddressRange | undefined {
  const slash = text.indexOf('/');
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  const prefix = slash < 0 ? 32 : Number(text.slice(slash + 1));
  if (address === undefined || !Number.isInteger(prefix) || prefix < 0 || prefix > 32) return undefined;
  const size = 2 ** (32 - prefix);
  return { first: Math.floor(address / size) * size, size, prefix };
}

/** Whether the range holds the address. */
export function rangeHolds(range: AddressRange, address: IpAddress): boolean {
  const value = parseAddress(address);
  return value !== undefined && value >= range.first && value < range.first + range.size;
}

/** A hardware address made of the IP address, as the bridge plugin makes them. */
export function hardwareAddress(address: IpAddress): string {
  const value = parseAddress(address) ?? 0;
  return `0a:58:${[24, 16, 8, 0].map((shift) => (Math.floor(value / 2 ** shift) % 256).toString(16).padStart(2, '0')).join(':')}`;
}
