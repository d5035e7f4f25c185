import { allGroupVersions, type ApiHandler, type ApiRequest, type ApiResponse, StatusError, type UserInfo } from '../api';
import type { Task } from '../kernel';
import type { Call, ResourceCall, ServerParts } from './call';
import { methodNotAllowed, noSuchResource } from './errors';
import type { FlowControl } from './flow';
import type { RequestMetrics } from './metrics';
import { answerResource } from './registry/answer';
import { requestInfo, type RequestInfo } from './request/info';
import { accepted, checkRepresentation, objectTransformations } from './request/accept';
import { parseUrl, type Query } from './request/url';
import type { ServedResource } from './served';
import { shapeBody } from './tables';

/** Answers requests that are for no resource: discovery, health, OpenAPI. undefined: there is no such path. */
export type PathHandler = (call: Call) => Task<ApiResponse> | undefined;

export interface HandlerParts {
  readonly server: ServerParts;
  /** Who the client is, after impersonation. Throws a 401, 403 or 400. */
  readonly identify: (request: ApiRequest, info: RequestInfo) => UserInfo;
  /** Throws a 403 unless the user may do this. */
  readonly authorize: (user: UserInfo, info: RequestInfo, query: Query) => void;
  readonly paths: PathHandler;
  /** Lets requests take turns; absent for the server's own. */
  readonly flow?: FlowControl;
  readonly metrics?: RequestMetrics;
}

const textNotFound: ApiResponse = Object.freeze({ status: 404, headers: Object.freeze({ 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' }), text: '404 page not found\n' });

/** The whole pipeline: who, may they, what; every request leaves a trace. */
export function createHandler({ server, identify, authorize, paths, flow, metrics }: HandlerParts): ApiHandler {
  return function* handle(request) {
    const { path, query } = parseUrl(request.url);
    const info = requestInfo(request.method, path, query);
    const warnings = new Set<string>();
    let user: UserInfo | undefined;
    let response: ApiResponse;
    try {
      user = identify(request, info);
      const turn = flow?.begin(user, info);
      if (flow && turn) yield* flow.wait(turn);
      try {
        authorize(user, info, query);
        response = yield* answer(server, paths, { request, info, query, user, warnings });
      } finally {
        flow?.end(turn);
      }
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      const after = error.status.details?.retryAfterSeconds;
      response = { status: error.code, body: error.status, ...(after !== undefined && { headers: { 'retry-after': String(after) } }) };
    }
    metrics?.count(info, query.has('dryRun'), response.status);
    server.kernel.record('request', { user: user?.name ?? '', verb: info.verb, path: request.url, code: response.status });
    return warnings.size === 0 ? response : withWarnings(response, warnings);
  };
}

/** Bytes of text from which on warnings are cut short: each of them, then their number. */
const muchToWarnOf = 4096;
const cutTo = 256;

/** What goes into Warning headers: nothing with control characters, and not too much. */
function* worthSaying(warnings: ReadonlySet<string>): Iterable<string> {
  const texts = [...warnings].filter((text) => text !== '' && ![...text].some((letter) => letter < ' ' || letter === '\x7f'));
  const isMuch = texts.reduce((sum, text) => sum + text.length, 0) > muchToWarnOf;
  let said = 0;
  for (const text of texts) {
    if (said > muchToWarnOf) return;
    const cut = isMuch ? text.slice(0, cutTo) : text;
    said += cut.length;
    yield cut;
  }
}

function withWarnings(response: ApiResponse, warnings: ReadonlySet<string>): ApiResponse {
  const warning = [...worthSaying(warnings)].map((text) => `299 - ${JSON.stringify(text)}`).join(', ');
  return warning === '' ? response : { ...response, headers: { ...response.headers, warning } };
}

function* answer(server: ServerParts, paths: PathHandler, call: Call): Task<ApiResponse> {
  const { info } = call;
  const elsewhere = server.served.aggregation?.answer(call);
  if (elsewhere) return yield* elsewhere;
  if (!info.isResource) {
    const task = paths(call);
    return task === undefined ? textNotFound : yield* task;
  }
  const served = server.served.find(info.group, info.version, info.resource);
  if (served === undefined) {
    if (!isBuiltIn(info.group)) return textNotFound;
    throw noSuchResource();
  }
  const resource = resourceCall(call, served);
  checkRepresentation(call.request.headers?.['accept'], info.verb === 'list' || info.verb === 'watch');
  const deprecation = served.custom ? served.custom.deprecationWarning : info.group === '' && info.subresource === '' ? deprecated[info.resource] : undefined;
  if (deprecation !== undefined) call.warnings.add(deprecation);
  const accept = accepted(call.request.headers?.['accept'], objectTransformations(info.verb, served.storage === undefined), info.verb === 'watch');
  const response = yield* answerResource(server, resource, accept);
  if (accept.as === '' || response.body === undefined) return response;
  return { ...response, body: shapeBody(served, response.body, accept, call.query.get('includeObject'), server.kernel.now) };
}

/** Whether a group is compiled in: what has no resource of another group's is asked of nobody. */
const isBuiltIn = (group: string): boolean => allGroupVersions().some((one) => one.group === group);

/** Of core v1, with what every request for them is warned of. */
const deprecated: Readonly<Record<string, string>> = {
  endpoints: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  componentstatuses: 'v1 ComponentStatus is deprecated in v1.19+',
};

/** Checks that the path and the method fit the resource. */
function resourceCall(call: Call, served: ServedResource): ResourceCall {
  const { info } = call;
  const namespaced = served.info.namespaced;
  const named = info.name !== '' && info.verb !== 'list' && info.verb !== 'watch' && info.verb !== 'deletecollection';
  if (info.overlong) throw noSuchResource();
  if (!namespaced && info.namespace !== '' && info.resource !== 'namespaces') throw noSuchResource();
  if (namespaced && info.namespace === '' && (named || info.verb === 'create' || info.verb === 'deletecollection')) {
    if (named) throw noSuchResource();
    throw methodNotAllowed();
  }
  if (call.request.method === 'HEAD' || call.request.method === 'OPTIONS') throw methodNotAllowed();
  if (info.subresource === '') {
    if (!served.info.verbs.includes(info.verb) || (info.verb === 'create' && info.name !== '')) throw methodNotAllowed();
  } else {
    const subresource = served.info.subresources.find(({ name }) => name === info.subresource);
    if (subresource === undefined) throw noSuchResource();
    if (!subresource.verbs.includes(info.verb)) throw methodNotAllowed();
  }
  const { request, query, user, warnings } = call;
  return { request, info, query, user, warnings, served, namespace: namespaced && info.namespace !== '' ? info.namespace : undefined };
}
