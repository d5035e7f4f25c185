export { readHosts, readResolverConfiguration, type ResolverConfiguration } from './configuration';
export { type DnsAnswer, queryServer } from './query';
export { ResolutionError, resolveHost } from './resolve';
