import { type ApiRequest, type ApiResponse, base64Encode } from '../../api';
import { createClusterAlone, type Cluster } from '../../cluster';
import { software } from '../../cluster/software';
import { minutes, parseTime, seconds, type Task, utf8Decode, utf8Encode } from '../../kernel';
import { endsConnection, type HttpAnswer, type HttpRequest, pemContents, secureAsServer, serveHttp } from '../../network';
import { certificates } from '../../network/tls/certificates.test-support';
import type { Image } from '../../runtime';

/** A certificate of network/tls. */
export const certificate = (name: string): string => certificates[name] as string;
/** The same as a caBundle. */
export const bundle = (name: string): string => base64Encode(utf8Encode(certificate(name)));

/** What a server of the test's own answers; it may take its time. undefined cuts the connection. */
export type Serve = (request: HttpRequest, path: string) => Task<HttpAnswer | undefined>;

/** The servers of a test: images `registry.k8s.io/test/NAME` whose Pods answer HTTPS on 443 with one of the testdata's certificates (CERT in the environment; `plain` for none). */
const imageOf = (name: string, serve: Serve): Image => ({
  repository: `registry.k8s.io/test/${name}`, tags: ['1'], sizeBytes: 1, entrypoint: ['/server'],
  programs: {
    *'/server'(system) {
      const own = system.env['CERT'] ?? 'good';
      const chain = own === 'plain' ? [] : pemContents(certificate(own), 'CERTIFICATE');
      yield* serveHttp({
        listener: system.network.listen({ port: 443 }),
        spawn: (title, task) => system.thread(title, task),
        *prepare(connection) {
          if (own === 'plain') return true; // no TLS
          try {
            yield* secureAsServer(connection, chain);
            return true;
          } catch (error) {
            if (!endsConnection(error)) throw error;
            return false;
          }
        },
        handle: (request) => serve(request, request.target.split('?')[0] ?? ''),
      });
      return 0;
    },
  },
});

/** A whole cluster whose time suits the certificates, with namespace `a` and a Pod and a Service for each server. */
export class ServedCluster {
  readonly cluster: Cluster;

  constructor(servers: Readonly<Record<string, Serve>>, shown: Readonly<Record<string, string>> = {}) {
    this.cluster = createClusterAlone({ nodes: 1, start: parseTime('2027-01-01T00:00:00Z') as number });
    this.cluster.install({ ...software, images: [...software.images, ...Object.entries(servers).map(([name, serve]) => imageOf(name, serve))] });
    this.cluster.settle(minutes(5));
    this.post('/api/v1/namespaces', { metadata: { name: 'a' } });
    this.cluster.run({ atMost: seconds(2) });
    for (const name of Object.keys(servers)) {
      this.post('/api/v1/namespaces/a/pods', { metadata: { name, labels: { app: name } }, spec: { containers: [{ name: 'server', image: `registry.k8s.io/test/${name}:1`, env: [{ name: 'CERT', value: shown[name] ?? 'good' }] }] } });
      this.post('/api/v1/namespaces/a/services', { metadata: { name }, spec: { selector: { app: name }, ports: [{ port: 443 }] } });
    }
    this.cluster.settle(minutes(2));
    this.cluster.run({ atMost: seconds(2) });
  }

  request(method: ApiRequest['method'], url: string, body?: object, headers?: Readonly<Record<string, string>>): ApiResponse {
    return this.cluster.request({ method, url, headers: { 'content-type': 'application/json', 'user-agent': 'kubectl/v1.36.3', ...headers }, ...(body && { body }) });
  }

  /** Creates something that has to be accepted. */
  post(url: string, body: object): ApiResponse {
    const answer = this.request('POST', url, body);
    if (answer.status !== 201) throw new Error(said(answer));
    return answer;
  }
}

/** Code, reason and message of an answer. */
export function said({ status, body, text }: ApiResponse): string {
  const { kind, reason, message } = (body ?? {}) as { kind?: string; reason?: string; message?: string };
  return kind === 'Status' && status >= 400 ? `${status} ${reason ?? ''} | ${message ?? ''}` : `${status}${text === undefined ? '' : ` ${text}`}`;
}

/** A body of JSON. */
export const bodyOf = (request: HttpRequest): Readonly<Record<string, never>> => JSON.parse(utf8Decode(request.body)) as Readonly<Record<string, never>>;
