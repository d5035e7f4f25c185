import type { ApiResponse } from '../api';
import type { Task } from '../kernel';
import { TokenSigner } from './authentication/jwt';
import type { Call } from './call';
import { Discovery } from './discovery';
import { methodNotAllowed, noSuchResource } from './errors';
import type { PathHandler } from './handler';
import { answerHealth, healthChecks } from './health';
import { accepted, checkRepresentation, checkTakesJson, takes } from './request/accept';
import type { ServedResources } from './served';

/** What /version says. */
export const versionInfo = Object.freeze({
  major: '1', minor: '36', emulationMajor: '1', emulationMinor: '36', minCompatibilityMajor: '1', minCompatibilityMinor: '35', gitVersion: 'v1.36.3', gitCommit: '0000000',
  gitTreeState: 'clean', buildDate: '2026-01-01T00:00:00Z', goVersion: 'go1.26.8', compiler: 'gc', platform: 'linux/amd64',
});

/** Answers below a path prefix of its own; undefined when it has nothing there. */
export type PathSection = (call: Call) => ApiResponse | undefined;

export interface PathsOptions {
  readonly served: ServedResources;
  /** HOST:PORT as discovery and the OpenID document say it. */
  readonly advertise: string;
  readonly issuer: string;
  readonly signer: TokenSigner;
  /** /openapi/… and /metrics. */
  readonly sections: Readonly<Record<string, PathSection>>;
}

const aggregatedType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
const openApiTypes = ['application/json', 'application/*', ...['v2', 'v3'].flatMap((version) => ['@', '.'].map((at) => `application/com.github.proto-openapi.spec.${version}${at}v1.0+protobuf`))];
const never = () => false;

/** Answers everything that is no resource: discovery, health, version, OpenID, OpenAPI, metrics. */
export function createPaths(options: PathsOptions): { readonly handle: PathHandler; readonly discovery: Discovery } {
  const discovery = new Discovery(options.served, options.advertise);
  const answer = (call: Call): ApiResponse | undefined => {
    const parts = call.info.path.split('/').slice(1);
    if (parts[parts.length - 1] === '' && parts.length > 1) parts.pop();
    const [first = '', ...rest] = parts;
    if (first === 'api' || first === 'apis') return discover(discovery, options.served, call, first, rest);
    if (first in healthChecks) return answerHealth(first, rest.join('/'), call.query);
    if ((call.info.path === '/openapi/v2' || call.info.path.startsWith('/openapi/v3/')) && !takes(call.request.headers?.['accept'], ...openApiTypes)) return { status: 406 };
    const section = options.sections[first];
    if (section) return section(call);
    return fixed(options, discovery, call.info.path, call.request.headers?.['accept']);
  };
  return {
    discovery,
    handle: (call) => {
      const response = answer(call);
      return response && done(response);
    },
  };
}

 
function* done(response: ApiResponse): Task<ApiResponse> {
  return response;
}

function fixed(options: PathsOptions, discovery: Discovery, path: string, accept: string | undefined): ApiResponse | undefined {
  switch (path) {
    case '/':
      return { status: 200, body: { paths: rootPaths(discovery) } };
    case '/version':
    case '/version/':
      checkTakesJson(accept);
      return { status: 200, body: versionInfo };
    case '/.well-known/openid-configuration':
      checkTakesJson(accept);
      return { status: 200, body: { issuer: options.issuer, jwks_uri: `https://${options.advertise}/openid/v1/jwks`, response_types_supported: ['id_token'], subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['RS256'] } };
    case '/openid/v1/jwks':
      return { status: 200, headers: { 'content-type': 'application/jwk-set+json' }, body: { keys: [{ use: 'sig', kty: 'RSA', kid: options.signer.keyId, alg: 'RS256', n: options.signer.modulus, e: 'AQAB' }] } };
    default:
      return undefined;
  }
}

function discover(discovery: Discovery, served: ServedResources, call: Call, first: string, rest: readonly string[]): ApiResponse | undefined {
  if (call.request.method !== 'GET') throw methodNotAllowed();
  const accept = call.request.headers?.['accept'];
  if (first === 'api' || rest.length > 1) checkRepresentation(accept, false); // the aggregator's own documents are refused in other words
  if (rest.length === 0) {
    const { as } = accepted(accept, (kind, group, version) => kind === 'APIGroupDiscoveryList' && group === 'apidiscovery.k8s.io' && version === 'v2');
    if (as !== '') return { status: 200, headers: { 'content-type': aggregatedType }, body: discovery.aggregated(first === 'api') };
    return { status: 200, body: first === 'api' ? discovery.versions() : discovery.groupList() };
  }
  accepted(accept, never);
  const [group = '', version] = first === 'api' ? ['', rest[0]] : rest;
  if (version === undefined) {
    const body = discovery.group(group);
    return body && { status: 200, body };
  }
  const body = discovery.resources(group, version);
  if (body) return { status: 200, body };
  if (first === 'apis' && !served.hasGroup(group)) return undefined;
  throw noSuchResource();
}

function rootPaths(discovery: Discovery): string[] {
  const paths = ['/.well-known/openid-configuration', '/api', '/api/v1', '/apis', '/apis/', '/flagz', '/healthz', '/livez', '/metrics', '/metrics/slis', '/openapi/v2', '/openapi/v3', '/openapi/v3/', '/openid/v1/jwks', '/readyz', '/statusz', '/version'];
  for (const { name, versions } of discovery.all()) if (name !== '') paths.push(`/apis/${name}`, ...versions.map(({ version }) => `/apis/${name}/${version}`));
  for (const [endpoint, checks] of Object.entries(healthChecks)) paths.push(...checks.map((check) => `/${endpoint}/${check}`));
  return paths.sort();
}
