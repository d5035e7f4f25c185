import type { Location, Server } from './settings';

export interface LocationMatch {
  readonly kind: 'prefix' | 'exact' | 'preferential' | 'regex' | 'named';
  readonly text: string;
  readonly pattern: RegExp | undefined;
}

/** A location with what its pattern captured. */
export interface FoundLocation {
  readonly location: Location;
  readonly captures: RegExpExecArray | undefined;
}

/** nginx's order: exact; longest prefix, final if `^~`; first matching pattern; the prefix after all. */
export function findLocation(locations: readonly Location[], uri: string): FoundLocation | undefined {
  let best: Location | undefined;
  for (const location of locations) {
    const { kind, text } = location.match;
    if (kind === 'exact' && text === uri) return { location, captures: undefined };
    if ((kind === 'prefix' || kind === 'preferential') && uri.startsWith(text) && (!best || text.length > best.match.text.length)) best = location;
  }
  if (best) {
    const inner = findLocation(best.nested, uri);
    if (inner) return inner;
  }
  if (best?.match.kind !== 'preferential') {
    for (const location of locations) {
      const captures = location.match.pattern?.exec(uri);
      if (captures) return findLocation(location.nested, uri) ?? { location, captures };
    }
  }
  return best && { location: best, captures: undefined };
}

/** The server for a host name among those that listen where the request came in. */
export function findServer(servers: readonly Server[], address: string, port: number, host: string): Server | undefined {
  const exact = servers.filter(({ listens }) => listens.some((at) => at.port === port && at.address === address));
  const here = exact.length > 0 ? exact : servers.filter(({ listens }) => listens.some((at) => at.port === port && at.address === '0.0.0.0'));
  const byName = (test: (name: string) => boolean) => here.find(({ names }) => names.some(test));
  const longest = (kind: (name: string) => boolean) =>
    here.flatMap((server) => server.names.filter(kind).map((name) => ({ server, name }))).sort((a, b) => b.name.length - a.name.length)[0]?.server;
  return (
    byName((name) => name === host || (name.startsWith('.') && name.slice(1) === host)) ??
    longest((name) => (name.startsWith('*.') && host.endsWith(name.slice(1))) || (name.startsWith('.') && host.endsWith(name))) ??
    longest((name) => name.endsWith('.*') && host.startsWith(name.slice(0, -1))) ??
    byName((name) => name.startsWith('~') && new RegExp(name.slice(1).replaceAll('(?P<', '(?<')).test(host)) ??
    here.find(({ listens }) => listens.some((at) => at.isDefault && at.port === port)) ??
    here[0]
  );
}
