import { isDns1123Label, isDns1123Subdomain, ipProblems, type PodDNSConfig, type PodSpec } from '../../../api';
import { type Errors, type Path } from '../../field';
import { checkOneOf } from './scope';

const policies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
const underscoreDomain = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*';
const searchDomain = new RegExp(`^${underscoreDomain}$`);
const searchMessage =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character " +
  `(e.g. 'example.com', regex used for validation is '${underscoreDomain}')`;

/** Checks an address. */
export const checkIp = (address: string, path: Path, errors: Errors): void => errors.invalidEach(path, address, ipProblems(address));

/** Checks the DNS policy's name. */
export function checkDnsPolicy(policy: string, path: Path, errors: Errors): void {
  if (policy === '') errors.required(path);
  else checkOneOf(policy, policies, path, errors);
}

/** Checks the resolver's configuration of a Pod. */
export function checkDnsConfig(config: PodDNSConfig | undefined, policy: string, path: Path, errors: Errors): void {
  if (policy === 'None') {
    if (config === undefined) return errors.required(path, 'must provide `dnsConfig` when `dnsPolicy` is None');
    if ((config.nameservers ?? []).length === 0) return errors.required(path.child('nameservers'), 'must provide at least one DNS nameserver when `dnsPolicy` is None');
  }
  if (config === undefined) return;
  const { nameservers = [], searches = [], options = [] } = config;
  if (nameservers.length > 3) errors.invalid(path.child('nameservers'), nameservers, 'must not have more than 3 nameservers');
  for (const [index, server] of nameservers.entries()) checkIp(server, path.child('nameservers').index(index), errors);
  if (searches.length > 32) errors.invalid(path.child('searches'), searches, 'must not have more than 32 search paths');
  if (searches.join(' ').length > 2048) errors.invalid(path.child('searches'), searches, 'must not have more than 2048 characters (including spaces) in the search list');
  for (const [index, search] of searches.entries()) {
    if (search === '.') continue;
    const domain = search.endsWith('.') ? search.slice(0, -1) : search;
    if (domain.length > 253) errors.invalid(path.child('searches').index(index), domain, 'must be no more than 253 characters');
    if (!searchDomain.test(domain)) errors.invalid(path.child('searches').index(index), domain, searchMessage);
  }
  for (const [index, { name = '' }] of options.entries()) if (name === '') errors.required(path.child('options').index(index), 'must not be empty');
}

/** Checks entries of /etc/hosts. */
export function checkHostAliases({ hostAliases = [] }: PodSpec, path: Path, errors: Errors): void {
  for (const [index, { ip, hostnames = [] }] of hostAliases.entries()) {
    const at = path.index(index);
    checkIp(ip, at.child('ip'), errors);
    for (const [nameIndex, name] of hostnames.entries()) errors.invalidEach(at.child('hostnames').index(nameIndex), name, isDns1123Subdomain(name));
  }
}

/** Checks hostname, subdomain and what they exclude. */
export function checkHostnames({ hostname = '', subdomain = '' }: PodSpec, path: Path, errors: Errors): void {
  if (hostname !== '') errors.invalidEach(path.child('hostname'), hostname, isDns1123Label(hostname));
  if (subdomain !== '') errors.invalidEach(path.child('subdomain'), subdomain, isDns1123Label(subdomain));
}

/** Checks hostnameOverride (KEP-4762), which replaces them all. */
export function checkHostnameOverride({ hostnameOverride: override, setHostnameAsFQDN, hostNetwork }: PodSpec, path: Path, errors: Errors): void {
  if (override === undefined) return;
  const at = path.child('hostnameOverride');
  if (setHostnameAsFQDN) errors.forbidden(at, 'may not be specified when setHostnameAsFQDN is true');
  if (hostNetwork) errors.forbidden(at, 'may not be specified when hostNetwork is true');
  errors.invalidEach(at, override, isDns1123Subdomain(override));
}
