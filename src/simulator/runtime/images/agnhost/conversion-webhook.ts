import { type Task, utf8Decode } from '../../../kernel';
import type { System } from '../../interface';
import { serveSecurely } from '../secure-server';

type Custom = Readonly<Record<string, unknown>> & { readonly apiVersion: string };

interface Review {
  readonly apiVersion: string;
  readonly request: { readonly uid: string; readonly desiredAPIVersion: string; readonly objects: readonly Custom[] };
}

const versionOf = (apiVersion: string): string => apiVersion.slice(apiVersion.indexOf('/') + 1);

/** v1 has `hostPort`, v2 has `host` and `port` (the example of kubernetes.io: Versions in CustomResourceDefinitions). */
function converted(object: Custom, desired: string): Custom {
  const { hostPort, host, port, ...rest } = object as Custom & { readonly hostPort?: string; readonly host?: string; readonly port?: string };
  if (versionOf(desired) === versionOf(object.apiVersion)) return { ...object, apiVersion: desired };
  if (versionOf(desired) === 'v2') {
    const [first = '', second = ''] = (hostPort ?? '').split(':');
    return { ...rest, ...(hostPort !== undefined && { host: first, port: second }), apiVersion: desired };
  }
  return { ...rest, ...(host !== undefined && { hostPort: `${host}:${port ?? ''}` }), apiVersion: desired };
}

/** agnhost crd-conversion-webhook. */
export function* conversionWebhook(system: System, flags: ReadonlyMap<string, string>): Task<number> {
  const file = flags.get('tls-cert-file');
  const certificate = file === undefined ? '' : system.files.readText(file);
  yield* serveSecurely(system, { certificate, port: Number(flags.get('port') ?? 9443) }, function* ({ target, body }) {
    const [path = ''] = target.split('?');
    if (path === '/readyz') return { status: 200, headers: [['Content-Type', 'text/plain; charset=utf-8']], body: 'ok' };
    if (path !== '/crdconvert') return { status: 404, headers: [['Content-Type', 'text/plain; charset=utf-8']], body: '404 page not found\n' };
    const { apiVersion, request: { uid, desiredAPIVersion, objects } } = JSON.parse(utf8Decode(body)) as Review;
    const response = { uid, convertedObjects: objects.map((object) => converted(object, desiredAPIVersion)), result: { metadata: {}, status: 'Success' } };
    return { status: 200, headers: [['Content-Type', 'application/json']], body: JSON.stringify({ kind: 'ConversionReview', apiVersion, response }) };
  });
  return 0;
}
