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

const rememberLimit = 1000;

/** The same of one text each time: programs read these files at every name, and they seldom change. */
function remembering<T>(parse: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    let parsed = known.get(text);
    if (parsed === undefined) {
      if (known.size >= rememberLimit) known.clear();
      known.set(text, (parsed = parse(text)));
    }
    return parsed;
  };
}

const configurationOf = remembering((file: string): ResolverConfiguration => {
  const servers: IpAddress[] = [];
  let search: string[] = [];
  let ndots = 1;
  let timeout = 5;
  let attempts = 2;
  for (const line of file.split('\n')) {
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
});

/** Reads /etc/resolv.conf; without one, the resolver asks the machine itself. */
export const readResolverConfiguration = (files: FileSystem): ResolverConfiguration => configurationOf(readTextIfAny(files, '/etc/resolv.conf') ?? '');

/** IPv4 addresses by the names that a hosts file gives them, in small letters. */
const hostsOf = remembering((file: string): ReadonlyMap<string, readonly IpAddress[]> => {
  const found = new Map<string, IpAddress[]>();
  for (const line of file.split('\n')) {
    const [address, ...names] = line.replace(/#.*$/, '').trim().split(/\s+/);
    if (!address || address.includes(':')) continue;
    for (const name of new Set(names.map((other) => other.toLowerCase()))) found.set(name, [...(found.get(name) ?? []), address]);
  }
  return found;
});

/** The IPv4 addresses that /etc/hosts gives a name. */
export const readHosts = (files: FileSystem, name: string): readonly IpAddress[] => hostsOf(readTextIfAny(files, '/etc/hosts') ?? '').get(name.toLowerCase()) ?? [];
