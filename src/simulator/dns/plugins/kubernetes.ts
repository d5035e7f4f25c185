import type { Task } from '../../kernel';
import type { Service } from '../../api';
import type { DnsQuestion, DnsRecord } from '../../network';
import { isIpAddress } from '../../network';
import type { Directive } from '../corefile';
import { authorityOf, type Handler, isWithin, type Query, type ServerContext } from '../plugin';
import type { ZoneData, ZoneEndpoint } from './zone';

export interface KubernetesOptions {
  readonly zones: readonly string[];
  readonly ttl: number;
  readonly pods: 'disabled' | 'insecure' | 'verified';
  /** undefined: none falls through; empty: all do. */
  readonly fallthrough: readonly string[] | undefined;
  readonly podNames: boolean;
  readonly namespaces: readonly string[];
  readonly labels: string | undefined;
}

/** Reads the plugin's directive. */
export function kubernetesOptions({ args, block }: Directive, serverZones: readonly string[]): KubernetesOptions {
  const find = (name: string) => block.find((line) => line.name === name);
  const clean = (zone: string) => zone.replace(/\.$/, '').toLowerCase();
  return {
    zones: args.length > 0 ? args.map(clean) : serverZones,
    ttl: Number(find('ttl')?.args[0] ?? 5),
    pods: (find('pods')?.args[0] ?? 'disabled') as KubernetesOptions['pods'],
    fallthrough: find('fallthrough')?.args.map(clean),
    podNames: find('endpoint_pod_names') !== undefined,
    namespaces: find('namespaces')?.args ?? [],
    labels: find('labels')?.args.join(' '),
  };
}

/** What was found: records, nothing of that type (NODATA), or no such name. */
type Found = { readonly answers: readonly DnsRecord[]; readonly additional?: readonly DnsRecord[]; readonly alias?: string } | 'nodata' | 'nxdomain';

class Zone {
  constructor(private readonly data: ZoneData, private readonly options: KubernetesOptions, private readonly context: ServerContext) {}

  look({ name, type }: DnsQuestion, zone: string): Found {
    if (zone.endsWith('arpa') && name.endsWith('arpa')) return this.reverse(name, type, zone);
    if (name === zone) return this.apex(type, zone);
    const labels = name.slice(0, -zone.length - 1).split('.');
    if (labels.length === 1 && labels[0] === 'dns-version') return type === 'TXT' ? { answers: [{ name, ttl: this.options.ttl, type: 'TXT', texts: ['1.1.0'] }] } : 'nxdomain';
    if (labels.length === 2 && labels[0] === 'ns' && labels[1] === 'dns') return this.addresses(name, type, this.ownServices().flatMap(({ spec }) => (spec?.clusterIP ? [spec.clusterIP] : [])));
    const kind = labels.pop();
    if (kind === 'svc') return this.inServices(labels, { name, type }, zone);
    return kind === 'pod' ? this.pod(labels, { name, type }) : 'nxdomain';
  }

  private apex(type: string, zone: string): Found {
    if (type === 'SOA') return { answers: [authorityOf(zone, this.options.ttl, this.context.system.now)] };
    if (type !== 'NS') return 'nodata';
    const { ttl } = this.options;
    const own = this.ownServices().map((service) => ({ target: `${service.metadata?.name ?? ''}.${service.metadata?.namespace ?? ''}.svc.${zone}`, address: service.spec?.clusterIP ?? '' }));
    if (own.length === 0) return 'nodata';
    return { answers: own.map(({ target }) => ({ name: zone, ttl, type: 'NS', target })), additional: own.filter(({ address }) => isIpAddress(address)).map(({ target, address }) => ({ name: target, ttl, type: 'A', address })) };
  }

  /** The Services that lead to this very Pod: they are the zone's name servers. */
  private ownServices(): Service[] {
    const services = this.context.system.network.addresses.flatMap((address) => this.data.endpointsAt(address));
    return services.flatMap(({ namespace, service }) => this.data.service(namespace, service) ?? []);
  }

  private inServices(labels: string[], question: DnsQuestion, zone: string): Found {
    const namespace = labels.pop();
    if (namespace === undefined) return 'nodata';
    if (!this.serves(namespace)) return 'nxdomain';
    const serviceName = labels.pop();
    if (serviceName === undefined) return 'nodata';
    const service = this.data.service(namespace, serviceName);
    if (!service) return 'nxdomain';
    const base = `${serviceName}.${namespace}.svc.${zone}`;
    if (service.spec?.type === 'ExternalName') {
      if (labels.length > 0) return 'nxdomain';
      const target = (service.spec.externalName ?? '').replace(/\.$/, '');
      if (isIpAddress(target)) return this.addresses(question.name, question.type, [target]);
      if (!['A', 'AAAA', 'CNAME'].includes(question.type)) return 'nodata';
      const answers: DnsRecord[] = [{ name: question.name, ttl: this.options.ttl, type: 'CNAME', target }];
      return question.type === 'CNAME' ? { answers } : { answers, alias: target };
    }
    if (labels.length > 2) return 'nxdomain';
    const port = labels.length === 2 ? { name: (labels[0] ?? '').replace(/^_/, ''), protocol: (labels[1] ?? '').replace(/^_/, '') } : undefined;
    const headless = service.spec?.clusterIP === 'None' || service.spec?.clusterIP === undefined || service.spec.clusterIP === '';
    if (headless || labels.length === 1) return this.behind(namespace, serviceName, base, question, labels.length === 1 ? labels[0] : undefined, port);
    const ports = (service.spec?.ports ?? []).filter((one) => !port || (one.name === port.name && (one.protocol ?? 'TCP').toLowerCase() === port.protocol));
    if (ports.length === 0 && port) return 'nxdomain';
    const address = service.spec?.clusterIP ?? '';
    if (question.type === 'A') return this.addresses(question.name, 'A', [address]);
    if (question.type !== 'SRV') return 'nodata';
    return this.services(question.name, ports.map((one) => ({ port: one.port, target: base, address })));
  }

  private behind(namespace: string, service: string, base: string, { name, type }: DnsQuestion, endpointName: string | undefined, port: { name: string; protocol: string } | undefined): Found {
    const matching = (endpoint: ZoneEndpoint) => endpoint.ports.filter((one) => !port || (one.name === port.name && one.protocol === port.protocol));
    const found = this.data.endpoints(namespace, service).filter((endpoint) => (endpointName === undefined || endpoint.name === endpointName) && (!port || matching(endpoint).length > 0));
    if (found.length === 0) return 'nxdomain';
    if (type === 'A') return this.addresses(name, 'A', [...new Set(found.map(({ address }) => address))]);
    if (type !== 'SRV') return 'nodata';
    const records = found.flatMap((endpoint) => matching(endpoint).map((one) => ({ port: one.port, target: `${endpoint.name}.${base}`, address: endpoint.address })));
    return records.length === 0 ? 'nodata' : this.services(name, records);
  }

  private services(name: string, records: readonly { readonly port: number; readonly target: string; readonly address: string }[]): Found {
    const { ttl } = this.options;
    const weight = Math.floor(100 / Math.max(1, records.length));
    const unique = new Map(records.map((record) => [`${record.port} ${record.target}`, record]));
    const targets = new Map(records.map(({ target, address }) => [target, address]));
    return {
      answers: [...unique.values()].map(({ port, target }) => ({ name, ttl, type: 'SRV', priority: 0, weight, port, target })),
      additional: [...targets].map(([target, address]) => ({ name: target, ttl, type: 'A', address })),
    };
  }

  private addresses(name: string, type: string, addresses: readonly string[]): Found {
    const usable = addresses.filter(isIpAddress);
    if (type !== 'A' || usable.length === 0) return 'nodata';
    return { answers: usable.map((address) => ({ name, ttl: this.options.ttl, type: 'A', address })) };
  }

  private pod(labels: string[], { name, type }: DnsQuestion): Found {
    const { pods } = this.options;
    const namespace = labels.pop();
    if (pods === 'disabled') return 'nxdomain';
    if (namespace === undefined) return 'nodata';
    if (!this.serves(namespace)) return 'nxdomain';
    const label = labels.pop();
    if (label === undefined) return 'nodata';
    const address = label.replaceAll('-', '.');
    if (labels.length > 0 || !isIpAddress(address)) return 'nxdomain';
    if (pods === 'verified' && !this.data.hasPod(namespace, address)) return 'nxdomain';
    return this.addresses(name, type, [address]);
  }

  private reverse(name: string, type: string, zone: string): Found {
    if (name === zone) return this.apex(type, zone);
    const address = name.endsWith('.in-addr.arpa') ? name.slice(0, -'.in-addr.arpa'.length).split('.').reverse().join('.') : '';
    if (!isIpAddress(address)) return 'nxdomain';
    const forward = this.options.zones.find((one) => !one.endsWith('arpa')) ?? 'cluster.local';
    const targets = this.data.servicesAt(address).map(({ metadata }) => `${metadata?.name ?? ''}.${metadata?.namespace ?? ''}.svc.${forward}`);
    if (targets.length === 0) targets.push(...this.data.endpointsAt(address).map((one) => `${one.endpoint}.${one.service}.${one.namespace}.svc.${forward}`));
    if (targets.length === 0) return 'nxdomain';
    if (type !== 'PTR') return 'nodata';
    return { answers: targets.map((target) => ({ name, ttl: this.options.ttl, type: 'PTR', target })) };
  }

  private serves(namespace: string): boolean {
    const { namespaces } = this.options;
    return this.data.hasNamespace(namespace) && (namespaces.length === 0 || namespaces.includes(namespace));
  }
}

/** The zone of the cluster's Services and Pods. */
export function kubernetesPlugin(options: KubernetesOptions, data: ZoneData, context: ServerContext): Handler {
  const zone = new Zone(data, options, context);
  const empty = { authoritative: true, answers: [], additional: [] } as const;
  return function* (query, next) {
    const { question } = query;
    const origin = options.zones.filter((one) => isWithin(question.name, one)).sort((a, b) => b.length - a.length)[0];
    if (origin === undefined) return yield* next(query);
    if (!data.synced) return { code: 'SERVFAIL', ...empty, authority: [] };
    const found = zone.look(question, origin);
    if (typeof found === 'string') {
      if (found === 'nxdomain' && options.fallthrough && (options.fallthrough.length === 0 || options.fallthrough.some((one) => isWithin(question.name, one)))) return yield* next(query);
      return { code: found === 'nxdomain' ? 'NXDOMAIN' : 'NOERROR', ...empty, authority: [authorityOf(origin, options.ttl, context.system.now)] };
    }
    const more = found.alias === undefined ? [] : yield* follow(context, query, found.alias);
    return { code: 'NOERROR', ...empty, answers: [...found.answers, ...more], authority: [], additional: found.additional ?? [] };
  };
}

/** What an alias leads to, asked of this server itself. */
function* follow(context: ServerContext, query: Query, target: string): Task<readonly DnsRecord[]> {
  const reply = yield* context.resolve({ ...query, question: { name: target.toLowerCase(), type: query.question.type } });
  return reply?.code === 'NOERROR' ? reply.answers : [];
}
