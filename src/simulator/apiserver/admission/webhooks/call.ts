import type { Service, WebhookClientConfig } from '../../../api';
import { seconds, type Task, utf8Decode, utf8Encode, within } from '../../../kernel';
import type { ProxyResponse } from '../../nodes';
import type { AdmissionContext } from '../plugin';
import { resources } from '../request';

/** A webhook could not be asked, or what it said makes no sense. */
export class WebhookError extends Error {
  override readonly name = 'WebhookError';
}

interface Address {
  readonly url: string;
  readonly path: string;
  readonly host: string;
  readonly port: number;
  readonly serverName: string;
}

function addressOf({ url, service }: WebhookClientConfig, timeout: number, context: AdmissionContext): Address {
  if (url !== undefined) {
    const [, host = '', port = '443', path = '/'] = /^https:\/\/([^/:]+)(?::(\d+))?(\/.*)?$/.exec(url) ?? [];
    return { url: `${url}?timeout=${timeout}s`, path: `${path}?timeout=${timeout}s`, host, port: Number(port), serverName: host };
  }
  const { name = '', namespace = '', port = 443, path = '' } = service ?? {};
  const own = path.startsWith('/') ? path : `/${path}`;
  const full = `https://${name}.${namespace}.svc:${port}${own}?timeout=${timeout}s`;
  const found = context.get<Service>(resources.services, namespace, name);
  if (!found) throw new WebhookError(`failed to call webhook: Post "${full}": service "${name}" not found`);
  const host = found.spec?.type === 'ExternalName' ? (found.spec.externalName ?? '') : (found.spec?.clusterIP ?? '');
  if (!(found.spec?.ports ?? []).some((one) => one.port === port)) throw new WebhookError(`failed to call webhook: Post "${full}": no service port ${port} found for service "${name}"`);
  return { url: full, path: `${own}?timeout=${timeout}s`, host, port, serverName: `${name}.${namespace}.svc` };
}

function* bodyOf({ body }: ProxyResponse): Task<string> {
  const parts: Uint8Array[] = [];
  for (let part = yield* body.receive(); part !== undefined; part = yield* body.receive()) parts.push(part);
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return utf8Decode(all);
}

const goKinds: Readonly<Record<string, string>> = { string: 'string', number: 'number', boolean: 'bool' };

function parse(text: string): Readonly<Record<string, unknown>> {
  let value: unknown = text.trim();
  try {
    value = JSON.parse(text);
  } catch {
    // What is no JSON is read as YAML there: a text.
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
  const kind = Array.isArray(value) ? 'array' : (goKinds[typeof value] ?? 'string');
  throw new WebhookError(`failed to call webhook: couldn't get version/kind; json parse error: json: cannot unmarshal ${kind} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`);
}

/** Posts a review to a webhook and gives its answer. Throws WebhookError. `timeout` in seconds. */
export function* post(config: WebhookClientConfig, review: object, timeout: number, context: AdmissionContext): Task<Readonly<Record<string, unknown>>> {
  const { url, path, host, port, serverName } = addressOf(config, timeout, context);
  const fail = (reason: string): WebhookError => new WebhookError(`failed to call webhook: Post "${url}": ${reason}`);
  const { dialler } = context;
  if (!dialler) throw fail(`dial tcp ${host}:${port}: connect: connection refused`);
  const headers = { 'content-type': 'application/json', accept: 'application/json, */*', host: `${serverName}:${port}` };
  const request = { method: 'POST', url: path, headers, body: utf8Encode(JSON.stringify(review)) };
  const ask = function* (): Task<{ status: number; text: string } | { failed: string }> {
    try {
      const response = yield* dialler.http({ address: host, port, tls: true, serverName }, request);
      return { status: response.status, text: yield* bodyOf(response) };
    } catch (error) {
      return { failed: error instanceof Error ? error.message : String(error) };
    }
  };
  const answer = yield* within(seconds(timeout), ask);
  if (answer === undefined) throw fail('context deadline exceeded');
  if ('failed' in answer) throw fail(answer.failed);
  if (answer.status >= 300) throw new WebhookError(`failed to call webhook: an error on the server (${JSON.stringify(answer.text)}) has prevented the request from succeeding`);
  return parse(answer.text);
}
