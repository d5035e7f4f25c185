import { base64Decode, JsonError, parseApiVersion, parseJson, plainJson, type WebhookClientConfig } from '../../api';
import { concatBytes, seconds, type Task, utf8Decode, utf8Encode, within } from '../../kernel';
import type { ServerParts } from '../call';
import type { ProxyResponse } from '../nodes';
import { CallError, type Target, targetOf } from './target';

/** What was answered, in plain JSON. */
export type Answer = Readonly<Record<string, unknown>>;

/** How a webhook is asked. */
export interface Question {
  readonly config: WebhookClientConfig;
  readonly userAgent: string;
  /** Seconds. */
  readonly timeout: number;
  /** What is said when they are over. */
  readonly late: string;
  /** group/version and kind of the review. */
  readonly apiVersion: string;
  readonly kind: string;
  readonly review: object;
}

/** All of a body. */
export function* readAll(body: ProxyResponse['body']): Task<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (let part = yield* body.receive(); part !== undefined; part = yield* body.receive()) parts.push(part);
  return concatBytes(parts);
}

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

const redirections = new Set([301, 302, 303, 307, 308]);

/** One exchange, redirections followed. Throws CallError with Go's words for what failed. */
function* exchange(server: ServerParts, target: Target, { config, userAgent, review }: Question): Task<Reply> {
  let { url, path, port, serverName } = target;
  let address = target.address;
  for (let hops = 0; ; hops++) {
    const fail = (reason: string): CallError => new CallError(`Post ${JSON.stringify(url)}: ${reason}`);
    if (hops > 10) throw fail('stopped after 10 redirects');
    let reply: Reply;
    try {
      const to = { address: address(), port, tls: { serverName, authorities: config.caBundle === undefined ? '' : utf8Decode(base64Decode(config.caBundle)) } };
      const headers = { 'content-type': 'application/json', accept: 'application/json, */*', 'user-agent': userAgent, host: `${serverName}:${port}` };
      const request = { method: 'POST', url: path, headers, body: utf8Encode(JSON.stringify(review)) };
      if (!server.dialler) throw new CallError(`dial tcp ${to.address}:${port}: connect: connection refused`);
      const response = yield* server.dialler.http(to, request);
      reply = { status: response.status, headers: response.headers, text: utf8Decode(yield* readAll(response.body)) };
    } catch (error) {
      if (!(error instanceof Error) || error.name === 'AssertionError') throw error;
      if (error.message === 'unexpected EOF') throw new CallError(`unexpected error when reading response body. Please retry. Original error: ${error.message}`);
      throw fail(error.message);
    }
    const location = redirections.has(reply.status) ? reply.headers['location'] : undefined;
    if (location === undefined) return reply;
    const next = targetOf(server, { url: location }, 0);
    [url, path, port, serverName, address] = [location, next.path.replace(/\?timeout=0s$/, ''), next.port, next.serverName, next.address];
  }
}

/** What a client of Kubernetes says of an answer with an error's code, when the body is no Status. */
function refusalOf({ status, text }: Reply): string {
  try {
    const body = JSON.parse(text) as { kind?: string; message?: string } | null;
    if (body?.kind === 'Status' && typeof body.message === 'string') return body.message;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error; // a text
  }
  switch (status) {
    case 400:
      return text === '' ? 'the server rejected our request for an unknown reason' : text;
    case 401:
      return 'the server has asked for the client to provide credentials';
    case 403:
      return text === '' ? 'unknown' : text;
    case 404:
      return 'the server could not find the requested resource';
    case 405:
      return 'the server does not allow this method on the requested resource';
    case 503:
      return 'the server is currently unable to handle the request';
    case 504:
      return 'the server was unable to return a response in the time allotted, but may still be processing the request';
    default:
      return status >= 500 ? `an error on the server (${JSON.stringify(text)}) has prevented the request from succeeding` : 'the server responded with the status code but did not return more information';
  }
}

const goKinds: Readonly<Record<string, string>> = { string: 'string', number: 'number', boolean: 'bool' };
const versionKind = 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

/** What looks like no JSON is read as YAML there; a text is its commonest kind. */
function parsed(text: string): unknown {
  try {
    return plainJson(parseJson(text).value);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    if (/^\s*[[{]/.test(text)) throw new CallError(`couldn't get version/kind; json parse error: ${error.message}`);
    const head = [...text.matchAll(/^(apiVersion|kind): (\S+)$/gm)].map(([, name = '', value = '']) => [name, value]);
    return head.length > 0 ? Object.fromEntries(head) : text;
  }
}

function decode({ status, text }: Reply, { apiVersion, kind }: Question): Answer {
  if (text === '') throw new CallError(`0-length response with status code: ${status} and content type: application/json`);
  const value = parsed(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CallError(`couldn't get version/kind; json parse error: json: cannot unmarshal ${Array.isArray(value) ? 'array' : (goKinds[typeof value] ?? 'string')} into Go value of type ${versionKind}`);
  }
  const answer = value as Answer;
  const given = { apiVersion: (answer['apiVersion'] as string | undefined) || apiVersion, kind: (answer['kind'] as string | undefined) || kind };
  const [wanted, own] = [parseApiVersion(apiVersion), parseApiVersion(given.apiVersion)];
  if (given.apiVersion === apiVersion && given.kind === kind) return answer;
  if (given.kind === kind && own.group === wanted.group && ['v1', 'v1beta1'].includes(own.version)) throw new CallError(`converting (${own.version}.${kind}) to (${wanted.version}.${kind}): unknown conversion`);
  throw new CallError(`no kind ${JSON.stringify(given.kind)} is registered for version ${JSON.stringify(given.apiVersion)} in scheme "pkg/runtime/scheme.go:111"`);
}

/** Posts a review to a webhook and gives the review that it answers with. Throws CallError. */
export function* ask(server: ServerParts, question: Question): Task<Answer> {
  const { config, timeout } = question;
  if (config.caBundle !== undefined && !utf8Decode(base64Decode(config.caBundle)).includes('-----BEGIN CERTIFICATE-----')) {
    throw new UnusableError('could not get REST client: unable to load root certificates: unable to parse bytes as PEM block');
  }
  const target = targetOf(server, config, timeout);
  const late = (): CallError => new CallError(`Post ${JSON.stringify(target.url)}: ${question.late}`);
  const outcome = yield* within(seconds(timeout), function* (): Task<Reply | CallError> {
    try {
      return yield* exchange(server, target, question);
    } catch (error) {
      if (error instanceof CallError) return error;
      throw error;
    }
  });
  const reply = outcome ?? late();
  if (reply instanceof CallError) throw reply;
  if (reply.status === 429 && reply.headers['retry-after'] !== undefined) throw late(); // it is asked again until the time is over
  if (reply.status < 200 || reply.status > 206) throw new CallError(refusalOf(reply));
  return decode(reply, question);
}

/** A configuration by which nobody can be asked. */
export class UnusableError extends CallError {}
