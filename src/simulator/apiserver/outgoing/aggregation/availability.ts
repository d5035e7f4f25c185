import { apiVersionOf, base64Decode, type APIService, type EndpointSlice, type Service } from '../../../api';
import { seconds, type Task, utf8Decode, within } from '../../../kernel';
import type { ServerParts } from '../../call';
import type { TlsPeer } from '../../nodes';
import { readAll } from '../review';
import { CallError, serviceAddress } from '../target';

/** The condition Available of an APIService, without its time. */
export interface Availability {
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
}

/** A resource as a group version's discovery lists it. */
export type DiscoveredResource = Readonly<Record<string, unknown>> & { readonly name?: string; readonly kind?: string };

/** What became of looking at an API server. */
export interface Checked {
  readonly availability: Availability;
  readonly resources?: readonly DiscoveredResource[];
}

/** How long an answer may take. */
const patience = seconds(5);

const unavailable = (reason: string, message: string): Checked => ({ availability: { status: 'False', reason, message } });
const local: Checked = { availability: { status: 'True', reason: 'Local', message: 'Local APIServices are always available' } };

type Spec = NonNullable<APIService['spec']>;

/** Whom the API server behind an APIService has to be. */
export const peerOf = ({ service, caBundle, insecureSkipTLSVerify }: Spec): TlsPeer => ({
  serverName: `${service?.name}.${service?.namespace}.svc`,
  ...(insecureSkipTLSVerify !== true && { authorities: caBundle === undefined ? '' : utf8Decode(base64Decode(caBundle)) }),
});

/** Why the Service cannot lead anywhere; undefined when it may. */
function serviceProblem(server: ServerParts, { service: reference = {} }: Spec): Checked | undefined {
  const { name = '', namespace = '', port = 443 } = reference;
  const place = `service/${name} in ${JSON.stringify(namespace)}`;
  const service = server.get<Service>({ group: '', version: 'v1', resource: 'services' }, namespace, name);
  if (!service) return unavailable('ServiceNotFound', `${place} is not present`);
  if (service.spec?.type === 'ExternalName') return undefined;
  const own = service.spec?.ports?.find((one) => one.port === port);
  if (!own) return unavailable('ServicePortError', `${place} is not listening on port ${port}`);
  const slices = server.list<EndpointSlice>({ group: 'discovery.k8s.io', version: 'v1', resource: 'endpointslices' }, namespace).filter(({ metadata }) => metadata?.labels?.['kubernetes.io/service-name'] === name);
  if (slices.length === 0) return unavailable('EndpointsNotFound', `cannot find endpointslices for ${place}`);
  const hasAddress = slices.some(({ ports, endpoints }) => ports?.some((one) => (one.name ?? '') === (own.name ?? '')) && endpoints?.some(({ addresses, conditions }) => addresses.length > 0 && conditions?.ready !== false));
  return hasAddress ? undefined : unavailable('MissingEndpoints', `endpointslices for ${place} have no addresses with port name ${JSON.stringify(own.name ?? '')}`);
}

function* askForResources(server: ServerParts, spec: Spec): Task<Checked> {
  const { group = '', version = '', service = {} } = spec;
  const port = service.port ?? 443;
  const path = `/apis/${apiVersionOf(group, version)}`;
  let url = path;
  const failing = (reason: string): Checked => unavailable('FailedDiscoveryCheck', `failing or missing response from ${url}: ${reason}`);
  try {
    const address = serviceAddress(server, service);
    url = `https://${address}:${port}${path}`;
    if (!server.dialler) return failing(`Get ${JSON.stringify(url)}: dial tcp ${address}:${port}: connect: connection refused`);
    const { dialler } = server;
    const headers = { host: `${address}:${port}`, 'user-agent': 'Go-http-client/1.1', 'x-remote-group': 'system:masters', 'x-remote-user': 'system:kube-aggregator' };
    const response = yield* within(patience, () => dialler.http({ address, port, tls: peerOf(spec) }, { method: 'GET', url: path, headers, body: undefined }));
    if (!response) return failing(`Get ${JSON.stringify(url)}: net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)`);
    if (response.status < 200 || response.status >= 300) return failing(`bad status from ${url}: ${response.status}`);
    return { availability: { status: 'True', reason: 'Passed', message: 'all checks passed' }, resources: resourcesIn(utf8Decode(yield* readAll(response.body))) };
  } catch (error) {
    if (error instanceof CallError) return failing(error.message);
    if (!(error instanceof Error) || error.name === 'AssertionError') throw error;
    return failing(`Get ${JSON.stringify(url)}: ${error.message}`);
  }
}

function resourcesIn(text: string): readonly DiscoveredResource[] {
  try {
    return ((JSON.parse(text) as { resources?: readonly DiscoveredResource[] } | null)?.resources ?? []).filter(({ name }) => typeof name === 'string');
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

/** Looks whether the API server behind an APIService is there. */
export function* check(server: ServerParts, { spec }: APIService): Task<Checked> {
  if (!spec?.service) return local;
  return serviceProblem(server, spec) ?? (yield* askForResources(server, spec));
}
