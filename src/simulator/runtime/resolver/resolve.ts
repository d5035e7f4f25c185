import { seconds, type Task } from '../../kernel';
import { type IpAddress, isIpAddress } from '../../network';
import type { System } from '../interface';
import { readHosts, readResolverConfiguration, type ResolverConfiguration } from './configuration';
import { queryServer } from './query';

/** A name that has no address: 'not found' for good, or 'try again' when no server answered. */
export class ResolutionError extends Error {
  override readonly name = 'ResolutionError';

  constructor(readonly host: string, readonly reason: 'not found' | 'try again') {
    super(`${host}: ${reason}`);
  }
}

/** The names to ask for, in their order: the search path first when the name has fewer dots than ndots. */
export function candidates(name: string, configuration: ResolverConfiguration): string[] {
  if (name.endsWith('.')) return [name.slice(0, -1)];
  const searched = configuration.search.map((suffix) => (suffix === '.' ? name : `${name}.${suffix.replace(/\.$/, '')}`));
  const dots = name.split('.').length - 1;
  return dots >= configuration.ndots ? [name, ...searched] : [...searched, name];
}

/** All IPv4 addresses of a host name as getaddrinfo finds them: an address itself, /etc/hosts, then DNS. None when it has none. */
export function* resolveHost(system: System, name: string): Task<IpAddress[]> {
  if (isIpAddress(name)) return [name];
  const known = readHosts(system.files, name);
  if (known.length > 0) return [...known];
  if (name === 'localhost' || name.endsWith('.localhost')) return ['127.0.0.1'];
  if (name === '' || name.length > 253 || /[^A-Za-z0-9._-]/.test(name)) return [];
  const configuration = readResolverConfiguration(system.files);
  for (const candidate of candidates(name, configuration)) {
    const addresses = yield* askAll(system, candidate, configuration);
    if (addresses === undefined) return [];
    if (addresses.length > 0) return addresses;
  }
  return [];
}

/** Asks the servers in turn; undefined when none of them answers. */
function* askAll(system: System, name: string, configuration: ResolverConfiguration): Task<IpAddress[] | undefined> {
  for (let attempt = 0; attempt < configuration.attempts; attempt++) {
    for (const address of configuration.servers) {
      const answer = yield* queryServer(system.network, system.random, { address }, { name, type: 'A' }, seconds(configuration.timeout));
      if (!answer || answer.code === 'SERVFAIL' || answer.code === 'REFUSED') continue;
      return (answer.answers ?? []).flatMap((record) => (record.type === 'A' ? [record.address] : []));
    }
  }
  return undefined;
}
