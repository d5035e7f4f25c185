import { deepFreeze, failure, StatusError, type ApiRequest, type ApiResponse, type Status, type WatchEvent } from '../../api';
import type { Client } from '../../client';
import { assert, type Channel, type Task, utf8Decode } from '../../kernel';
import { isFields, type Fields } from '../fields';

/** Query parameters; undefined and '' are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** The query as it stands in a URL, with its question mark. */
export function queryText(query: Query): string {
  const parts = Object.entries(query)
    .filter(([, value]) => value !== undefined && value !== '' && value !== false)
    .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(String(value))}`);
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

/** What a Table is asked for with. */
export const tableAccept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';

const reasons: Readonly<Record<number, readonly [string, string]>> = {
  400: ['BadRequest', 'the server rejected our request for an unknown reason'],
  401: ['Unauthorized', 'the server has asked for the client to provide credentials'],
  403: ['Forbidden', 'forbidden'],
  404: ['NotFound', 'the server could not find the requested resource'],
  405: ['MethodNotAllowed', 'the server does not allow this method on the requested resource'],
  406: ['NotAcceptable', 'the server was unable to respond with a content type that the client supports'],
  409: ['Conflict', 'the server reported a conflict'],
  415: ['UnsupportedMediaType', 'the body of the request was in an unknown format - accepted media types include: application/json'],
  422: ['Invalid', 'the server rejected our request due to an error in our request'],
  429: ['TooManyRequests', 'the server has received too many requests and has asked us to try again later'],
  503: ['ServiceUnavailable', 'the server is currently unable to handle the request'],
  504: ['Timeout', 'the server was unable to return a response in the time allotted, but may still be processing the request'],
};

/** The error for a response that carries no Status. */
function plainFailure(code: number, text: string): StatusError {
  const known = reasons[code];
  if (code === 403 && text !== '') return failure(code, 'Forbidden', `forbidden: ${text}`);
  if (known) return failure(code, known[0], known[1]);
  return failure(code, 'InternalError', `an error on the server (${JSON.stringify(text.trim())}) has prevented the request from succeeding`);
}

const isStatusObject = (body: unknown): body is Status => isFields(body) && body['kind'] === 'Status' && 'status' in body;

/** The texts of a response's Warning headers (RFC 7234, code 299). */
export function warningTexts(header: string): string[] {
  return [...header.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, text]) => (text as string).replace(/\\(.)/g, '$1'));
}

/** Requests to the API server under one identity; warnings of its answers go to `warn`. */
export class Rest {
  constructor(readonly client: Client, private readonly headers: Readonly<Record<string, string>>, private readonly warn: (text: string) => void) {}

  /** One request. Throws StatusError for everything that is not a success. */
  *request(method: ApiRequest['method'], url: string, options: { body?: unknown; contentType?: string; accept?: string; upgrade?: string } = {}): Task<ApiResponse> {
    const { body, contentType = 'application/json', accept = 'application/json', upgrade } = options;
    const response = yield* this.client.request({
      method,
      url,
      headers: { accept, ...(body !== undefined && { 'content-type': contentType }), ...this.headers },
      ...(body !== undefined && { body: body instanceof Uint8Array ? body : deepFreeze(body) }),
      ...(upgrade !== undefined && { upgrade }),
    });
    const warning = response.headers?.['warning'];
    if (warning !== undefined) for (const text of warningTexts(warning)) this.warn(text);
    if (response.status < 400) return response;
    if (isStatusObject(response.body)) throw new StatusError(response.body);
    throw plainFailure(response.status, response.text ?? '');
  }

  /** The object that a request answers with. */
  *object(method: ApiRequest['method'], url: string, options: { body?: unknown; contentType?: string; accept?: string } = {}): Task<Fields> {
    const response = yield* this.request(method, url, options);
    return isFields(response.body) ? response.body : {};
  }

  get(url: string, accept?: string): Task<Fields> {
    return this.object('GET', url, accept === undefined ? {} : { accept });
  }

  /** The text that a request answers with: logs, health, metrics; an object as the server writes it. */
  *text(url: string): Task<string> {
    const response = yield* this.request('GET', url, { accept: '*/*' });
    if (response.text !== undefined) return response.text;
    if (response.stream) {
      let out = '';
      for (let chunk = yield* response.stream.receive(); chunk; chunk = yield* response.stream.receive()) out += utf8Decode(chunk);
      return out;
    }
    return response.body === undefined ? '' : `${JSON.stringify(response.body)}\n`;
  }

  *watch(url: string, accept?: string): Task<Channel<WatchEvent>> {
    const { events } = yield* this.request('GET', url, accept === undefined ? {} : { accept });
    assert(events, 'a watch answers with events');
    return events;
  }
}
