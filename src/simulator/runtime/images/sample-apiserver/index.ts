import { type Task, utf8Decode, utf8Encode } from '../../../kernel';
import { type Connection, encodeChunk, encodeResponse, type HttpAnswer, type HttpRequest, NetworkError } from '../../../network';
import type { Image, Program, System } from '../../interface';
import { goFlags } from '../go-program';
import { serveSecurely } from '../secure-server';
import { Store, type Thing } from './store';

const group = 'wardle.example.com';
const versions = ['v1beta1', 'v1alpha1'];
const kinds: Readonly<Record<string, { readonly kind: string; readonly namespaced: boolean; readonly versions: readonly string[] }>> = {
  fischers: { kind: 'Fischer', namespaced: false, versions: ['v1alpha1'] },
  flunders: { kind: 'Flunder', namespaced: true, versions },
};
const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

const json = (status: number, body: object): HttpAnswer => ({ status, headers: [['Content-Type', 'application/json']], body: `${JSON.stringify(body)}\n` });
const failure = (code: number, reason: string, message: string): HttpAnswer => json(code, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code });

const groupVersions = versions.map((version) => ({ groupVersion: `${group}/${version}`, version }));
const groupDocument = { name: group, versions: groupVersions, preferredVersion: groupVersions[0] };

function discovery(path: string): HttpAnswer | undefined {
  if (path === '/apis') return json(200, { kind: 'APIGroupList', apiVersion: 'v1', groups: [groupDocument] });
  if (path === `/apis/${group}`) return json(200, { kind: 'APIGroup', apiVersion: 'v1', ...groupDocument });
  const version = versions.find((one) => path === `/apis/${group}/${one}`);
  if (version === undefined) return undefined;
  const resources = Object.entries(kinds).filter(([, kind]) => kind.versions.includes(version)).map(([name, { kind, namespaced }]) => ({ name, singularName: kind.toLowerCase(), namespaced, kind, verbs }));
  return json(200, { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: `${group}/${version}`, resources });
}

/** What a request for a resource is about. */
interface Asked {
  readonly store: Store;
  readonly resource: string;
  readonly kind: string;
  readonly apiVersion: string;
  readonly namespace: string;
  readonly name: string;
}

const shown = (thing: Thing, { apiVersion, kind }: Asked): Thing => ({ ...thing, apiVersion, kind });
const missing = ({ resource, name }: Asked): HttpAnswer => failure(404, 'NotFound', `${resource}.${group} ${JSON.stringify(name)} not found`);

/** Objects merged as RFC 7396 says. */
function merged(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const out: Record<string, unknown> = typeof target === 'object' && target !== null ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete out[name];
    else out[name] = merged(out[name], value);
  }
  return out;
}

function answer({ method, body }: HttpRequest, asked: Asked): HttpAnswer {
  const { store, namespace, name, resource } = asked;
  const sent = body.length > 0 ? (JSON.parse(utf8Decode(body)) as Thing) : {};
  if (name === '') {
    switch (method) {
      case 'GET':
        return json(200, { kind: `${asked.kind}List`, apiVersion: asked.apiVersion, metadata: { resourceVersion: String(store.revision) }, items: store.list(namespace).map((thing) => shown(thing, asked)) });
      case 'POST':
        if (store.get(namespace, sent.metadata?.name ?? '')) return failure(409, 'AlreadyExists', `${resource}.${group} ${JSON.stringify(sent.metadata?.name)} already exists`);
        return json(201, shown(store.create(namespace, sent), asked));
      case 'DELETE':
        for (const thing of store.list(namespace)) store.remove(thing);
        return json(200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' });
      default:
        return failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');
    }
  }
  const thing = store.get(namespace, name);
  if (!thing) return missing(asked);
  if (method === 'DELETE') store.remove(thing);
  if (method === 'PUT') return json(200, shown(store.update(thing, sent), asked));
  if (method === 'PATCH') return json(200, shown(store.update(thing, merged(thing, sent) as Thing), asked));
  return method === 'GET' ? json(200, shown(thing, asked)) : json(200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details: { name, group, kind: resource } });
}

function* watch(connection: Connection, asked: Asked, withExisting: boolean): Task<undefined> {
  const events = asked.store.watch(asked.namespace);
  const send = (type: string, thing: Thing): Task => connection.write(encodeChunk(utf8Encode(`${JSON.stringify({ type, object: shown(thing, asked) })}\n`)));
  try {
    yield* connection.write(encodeResponse({ version: 'HTTP/1.1', status: 200, headers: [['Content-Type', 'application/json'], ['Transfer-Encoding', 'chunked']] }));
    if (withExisting) for (const thing of asked.store.list(asked.namespace)) yield* send('ADDED', thing);
    for (let event = yield* events.receive(); event; event = yield* events.receive()) yield* send(event.type, event.object);
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
  } finally {
    events.close();
  }
  return undefined;
}

/** /apis/GROUP/VERSION[/namespaces/NAMESPACE]/RESOURCE[/NAME] */
const resourcePath = /^\/apis\/wardle\.example\.com\/(v1alpha1|v1beta1)(?:\/namespaces\/([^/]+))?\/(flunders|fischers)(?:\/([^/]+))?$/;

function* run(system: System, certificate: string, port: number): Task {
  const stores: Readonly<Record<string, Store>> = { flunders: new Store(system), fischers: new Store(system) };
  yield* serveSecurely(system, { certificate, port }, function* (request, connection) {
    const [path = '', query = ''] = request.target.split('?');
    if (['/healthz', '/livez', '/readyz'].includes(path)) return { status: 200, headers: [['Content-Type', 'text/plain; charset=utf-8']], body: 'ok' };
    const document = discovery(path);
    if (document) return document;
    const [, version = '', namespace = '', resource = '', name = ''] = resourcePath.exec(path) ?? [];
    const store = stores[resource];
    if (!store) return { status: 404, headers: [['Content-Type', 'text/plain; charset=utf-8']], body: '404 page not found\n' };
    const asked: Asked = { store, resource, kind: kinds[resource]?.kind ?? '', apiVersion: `${group}/${version}`, namespace, name };
    if (/(^|&)watch=(1|true)(&|$)/.test(query)) return yield* watch(connection, asked, !/(^|&)resourceVersion=[1-9]/.test(query));
    return answer(request, asked);
  });
}

const valued = ['tls-cert-file', 'tls-private-key-file', 'secure-port', 'etcd-servers', 'audit-log-path', 'audit-log-maxage', 'audit-log-maxbackup', 'feature-gates', 'v', 'emulated-version', 'authentication-kubeconfig', 'authorization-kubeconfig', 'kubeconfig'];

/** kube-sample-apiserver. */
const sampleApiServer: Program = function* (system) {
  const { values } = goFlags(system.argv, [], valued);
  const file = values.get('tls-cert-file');
  yield* run(system, file === undefined ? '' : system.files.readText(file), Number(values.get('secure-port') ?? 443));
  return 0;
};

/** registry.k8s.io/e2e-test-images/sample-apiserver. */
export const sampleApiServerImage: Image = {
  repository: 'registry.k8s.io/e2e-test-images/sample-apiserver',
  tags: ['1.29.2', '1.17.7'],
  sizeBytes: 50_000_000,
  entrypoint: ['/kube-sample-apiserver'],
  programs: { '/kube-sample-apiserver': sampleApiServer },
};
