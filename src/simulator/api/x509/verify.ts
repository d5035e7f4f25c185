import { formatTime, type Time } from '../../kernel';
import { type Certificate, parseCertificate } from './certificate';
import { DerError } from './der';
import { pemBlocks } from './pem';
import { checkSignature } from './signature';

/** Whom a client of TLS wants to talk to. */
export interface Expectation {
  /** A host name or an address. */
  readonly serverName: string;
  /** PEM of the authorities that are trusted. */
  readonly authorities: string;
  readonly now: Time;
}

const serverAuthentication = '1.3.6.1.5.5.7.3.1';
const anyUsage = '2.5.29.37.0';

/** Whether a name stands for a host; a * stands for its first label. */
function nameMatches(pattern: string, host: string): boolean {
  const [own, wanted] = [pattern.toLowerCase(), host.toLowerCase()];
  return own === wanted || (own.startsWith('*.') && wanted.includes('.') && own.slice(1) === wanted.slice(wanted.indexOf('.')));
}

function timeProblem({ notBefore, notAfter }: Certificate, now: Time): string | undefined {
  const head = `x509: certificate has expired or is not yet valid: current time ${formatTime(now)} is`;
  if (now < notBefore) return `${head} before ${formatTime(notBefore)}`;
  return now > notAfter ? `${head} after ${formatTime(notAfter)}` : undefined;
}

function nameProblem({ hasNames, dnsNames, addresses, commonName }: Certificate, host: string): string | undefined {
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) {
    if (addresses.includes(host)) return undefined;
    if (addresses.length === 0) return `x509: cannot validate certificate for ${host} because it doesn't contain any IP SANs`;
    return `x509: certificate is valid for ${addresses.join(', ')}, not ${host}`;
  }
  if (dnsNames.some((name) => nameMatches(name, host))) return undefined;
  if (!hasNames && nameMatches(commonName, host)) return 'x509: certificate relies on legacy Common Name field, use SANs instead';
  if (dnsNames.length === 0) return `x509: certificate is not valid for any names, but wanted to match ${host}`;
  return `x509: certificate is valid for ${dnsNames.join(', ')}, not ${host}`;
}

const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, index) => byte === b[index]);

/** Why a certificate is not its issuer's, or its issuer may not issue. */
function issuanceProblem(own: Certificate, issuer: Certificate, now: Time): string | undefined {
  if (!issuer.isAuthority) return 'x509: invalid signature: parent certificate cannot sign this kind of certificate';
  try {
    checkSignature(issuer.key, own.signatureAlgorithm, own.signed, own.signature);
  } catch (error) {
    if (error instanceof DerError) return error.message;
    throw error;
  }
  return timeProblem(issuer, now);
}

/** Why no chain leads from a certificate to somebody trusted; undefined when one does. */
function chainProblem(leaf: Certificate, roots: readonly Certificate[], others: readonly Certificate[], now: Time): string | undefined {
  let hint = '';
  const leads = (own: Certificate, seen: readonly Certificate[]): boolean => {
    if (roots.some((root) => same(root.bytes, own.bytes))) return true;
    for (const issuer of [...roots, ...others]) {
      if (issuer.subject !== own.issuer || seen.includes(issuer)) continue;
      const problem = issuanceProblem(own, issuer, now);
      if (problem === undefined && leads(issuer, [...seen, own])) return true;
      if (problem !== undefined && hint === '') hint = ` (possibly because of ${JSON.stringify(problem)} while trying to verify candidate authority certificate ${JSON.stringify(issuer.commonName || issuer.organization)})`;
    }
    return false;
  };
  return leads(leaf, []) ? undefined : `x509: certificate signed by unknown authority${hint}`;
}

/** The certificates of a PEM text; those that cannot be read are passed over. */
const certificatesOf = (pem: string): readonly Certificate[] => pemBlocks(pem).flatMap(({ type, bytes }) => (type === 'CERTIFICATE' ? (readable(bytes) ?? []) : []));

function readable(bytes: Uint8Array): Certificate | undefined {
  try {
    return parseCertificate(bytes);
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}

/** Why a server that shows this chain (its own certificate first) is not to be trusted, in Go's words; undefined when it is. */
export function certificateProblem(chain: readonly Uint8Array[], { serverName, authorities, now }: Expectation): string | undefined {
  const [leaf, ...others] = chain.map(readable);
  if (!leaf) return 'tls: failed to parse certificate from server: x509: malformed certificate';
  const problem = timeProblem(leaf, now) ?? nameProblem(leaf, serverName) ?? chainProblem(leaf, certificatesOf(authorities), others.filter((one) => one !== undefined), now);
  const unusable = leaf.usages.length > 0 && !leaf.usages.includes(serverAuthentication) && !leaf.usages.includes(anyUsage);
  const last = problem ?? (unusable ? 'x509: certificate specifies an incompatible key usage' : undefined);
  return last === undefined ? undefined : `tls: failed to verify certificate: ${last}`;
}
