import { formatMicroTime, type Kernel, type Time } from '../kernel';
import { type HttpAnswer, type Listener, NetworkError, type NetworkNamespace, serveHttp } from '../network';

/** What the servers answer with, asked at each request. */
export interface HealthState {
  readonly lastSync: Time;
  readonly nodeEligible: boolean;
}

const json = (extra: readonly (readonly [string, string])[] = []) => [['Content-Type', 'application/json'], ['X-Content-Type-Options', 'nosniff'], ...extra] as const;

/** kube-proxy's own servers on the node: /healthz on 10256, /proxyMode on 10249 (from the node alone), and health check node ports. */
export class HealthServers {
  private readonly ports = new Map<number, { readonly listener: Listener; service: string; count: number }>();

  constructor(private readonly kernel: Kernel, private readonly host: NetworkNamespace, private readonly state: () => HealthState) {}

  start(): void {
    this.serve({ port: 10_256 }, (path) => {
      if (path !== '/healthz' && path !== '/livez') return undefined;
      const { lastSync, nodeEligible } = this.state();
      const at = formatMicroTime(lastSync);
      const body = `{"lastUpdated":"${at}","currentTime":"${formatMicroTime(this.kernel.now)}","nodeEligible":${nodeEligible},"healthy":true,"status":{"IPv4":{"lastUpdated":"${at}","healthy":true}}}`;
      return { status: path === '/healthz' && !nodeEligible ? 503 : 200, headers: json(), body };
    });
    this.serve({ address: '127.0.0.1', port: 10_249 }, (path) => {
      const headers = [['Content-Type', 'text/plain; charset=utf-8'], ['X-Content-Type-Options', 'nosniff']] as const;
      if (path === '/proxyMode') return { status: 200, headers, body: 'iptables' };
      return path === '/healthz' ? { status: 200, headers, body: 'ok' } : undefined;
    });
  }

  /** Opens and closes health check node ports: port → Service and how many endpoints are here. */
  update(wanted: ReadonlyMap<number, { readonly service: string; readonly count: number }>): void {
    for (const [port, { listener }] of this.ports) {
      if (wanted.has(port)) continue;
      listener.close();
      this.ports.delete(port);
    }
    for (const [port, { service, count }] of wanted) {
      const known = this.ports.get(port);
      if (known) Object.assign(known, { service, count });
      else {
        const listener = this.serve({ port }, () => this.answer(port));
        if (listener) this.ports.set(port, { listener, service, count });
      }
    }
  }

  private answer(port: number): HttpAnswer | undefined {
    const known = this.ports.get(port);
    if (!known) return undefined;
    const [namespace = '', name = ''] = known.service.split('/');
    const body = `{\n\t"service": {\n\t\t"namespace": "${namespace}",\n\t\t"name": "${name}"\n\t},\n\t"localEndpoints": ${known.count},\n\t"serviceProxyHealthy": true\n}`;
    return { status: known.count > 0 ? 200 : 503, headers: json([['X-Load-Balancing-Endpoint-Weight', String(known.count)]]), body };
  }

  private serve(at: { readonly address?: string; readonly port: number }, answer: (path: string) => HttpAnswer | undefined): Listener | undefined {
    let listener: Listener;
    try {
      listener = this.host.listen(at);
    } catch (error) {
      if (error instanceof NetworkError) return undefined; // somebody else has the port: kube-proxy says so and goes on
      throw error;
    }
    const spawn = (name: string, task: Parameters<Kernel['spawn']>[1]) => void this.kernel.spawn(name, task);
    this.kernel.spawn(
      `kube-proxy :${at.port}`,
      serveHttp({
        listener,
        spawn,
        *handle(request) {
          return answer(request.target.split('?')[0] ?? '') ?? { status: 404, headers: [['Content-Type', 'text/plain; charset=utf-8']], body: '404 page not found\n' };
        },
      }),
    );
    return listener;
  }
}
