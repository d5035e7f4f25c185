import type { IpAddress } from '../../network';
import { readTextIfAny } from '../files/view';
import type { FileSystem } from '../interface';

/** What /etc/resolv.conf says (resolv.conf(5)). */
export interface ResolverConfiguration {
  readonly servers: readonly IpAddress[];
  readonly search: readonly string[];
  readonly ndots: number;
  /** Seconds for one try. */
  readonly timeout: number;
  readonly attempts: number;
}

/** Reads /etc/resolv.conf; without one, the resolver asks the machine itself. */
export function readResolverConfiguration(files: FileSystem): ResolverConfiguration {
  const servers: IpAddress[] = [];
  let search: string[] = [];
  let ndots = 1;
  let timeout = 5;
  let attempts = 2;
  for (const line of (readTextIfAny(files, '/etc/resolv.conf') ?? '').split('\n')) {
    const [keyword, ...words] = line.replace(/[#;].*$/, '').trim().split(/\s+/);
    if (keyword === 'nameserver' && words[0]) servers.push(words[0]);
    else if (keyword === 'search') search = words;
    else if (keyword === 'domain' && words[0]) search = [words[0]];
    else if (keyword === 'options') {
      for (const option of words) {
        const [name, value] = option.split(':');
        const number = Number(value);
        if (name === 'ndots') ndots = Math.min(15, number);
        else if (name === 'timeout') timeout = Math.min(30, number);
        else if (name === 'attempts') attempts = Math.min(5, number);
      }
    }
  }
  return { servers: servers.length > 0 ? servers.slice(0, 3) : ['127.0.0.1'], search, ndots, timeout, attempts };
}

/** The IPv4 addresses that /etc/hosts gives a name. */
export function readHosts(files: FileSystem, name: string): IpAddress[] {
  const wanted = name.toLowerCase();
  const found: IpAddress[] = [];
  for (const line of (readTextIfAny(files, '/etc/hosts') ?? '').split('\n')) {
    const [address, ...names] = line.replace(/#.*$/, '').trim().split(/\s+/);
    if (address && !address.includes(':') && names.some((other) => other.toLowerCase() === wanted)) found.push(address);
  }
  return found;
}
