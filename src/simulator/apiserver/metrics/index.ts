import type { ApiResponse } from '../../api';
import type { RequestInfo } from '../request/info';
import type { ServedResources } from '../served';

/** Requests that are counted together. */
interface Total {
  readonly code: number;
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly scope: string;
  readonly dryRun: boolean;
  readonly labels: () => string;
  count: number;
}

/** Counts requests as the real server's metrics do; read as Prometheus text. */
export class RequestMetrics {
  /** By resource and subresource, or by path. */
  private readonly totals = new Map<string, Total[]>();

  constructor(private readonly served: ServedResources) {}

  /** A request was answered. */
  count(info: RequestInfo, dryRun: boolean, code: number): void {
    const { group, resource, subresource, verb, version } = info;
    const scope = !info.isResource ? '' : info.name !== '' ? 'resource' : info.namespace !== '' ? 'namespace' : 'cluster';
    const part = info.isResource ? subresource : info.path;
    const key = resource === '' || part === '' ? resource + part : `${resource}/${part}`;
    let totals = this.totals.get(key);
    if (totals === undefined) this.totals.set(key, (totals = []));
    const total = totals.find((one) => one.code === code && one.verb === verb && one.scope === scope && one.group === group && one.version === version && one.dryRun === dryRun);
    if (total) total.count += 1;
    else {
      const labels = () => `code="${code}",component="apiserver",dry_run="${dryRun ? 'All' : ''}",group="${group}",resource="${resource}",scope="${scope}",subresource="${part}",verb="${verb.toUpperCase()}",version="${version}"`;
      totals.push({ code, verb, group, version, scope, dryRun, labels, count: 1 });
    }
  }

  /** /metrics */
  answer(): ApiResponse {
    const lines = [
      '# HELP apiserver_request_total [STABLE] Counter of apiserver requests broken out for each verb, dry run value, group, version, resource, scope, component, and HTTP response code.',
      '# TYPE apiserver_request_total counter',
      ...[...this.totals.values()].flat().map(({ labels, count }) => `apiserver_request_total{${labels()}} ${count}`).sort(),
      '# HELP apiserver_storage_objects [STABLE] Number of stored objects at the time of last check split by kind. In case of a fetching error, the value will be -1.',
      '# TYPE apiserver_storage_objects gauge',
      ...this.objects(),
      '# HELP apiserver_longrunning_requests [STABLE] Gauge of all active long-running apiserver requests broken out by verb, group, version, resource, scope and component. Not all requests are tracked this way.',
      '# TYPE apiserver_longrunning_requests gauge',
      ...this.watches(),
    ];
    return { status: 200, headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores' }, text: `${lines.join('\n')}\n` };
  }

  private objects(): string[] {
    const counts = new Map<string, number>();
    for (const { info, storage } of this.served.all()) if (storage) counts.set(info.group === '' ? info.resource : `${info.resource}.${info.group}`, storage.list().length);
    return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([resource, count]) => `apiserver_storage_objects{resource="${resource}"} ${count}`);
  }

  private watches(): string[] {
    const lines: string[] = [];
    for (const { info, storage } of this.served.all()) {
      const open = storage?.watchers.open.size ?? 0;
      if (open > 0) lines.push(`apiserver_longrunning_requests{component="apiserver",group="${info.group}",resource="${info.resource}",scope="cluster",subresource="",verb="WATCH",version="${info.version}"} ${open}`);
    }
    return lines.sort();
  }
}
