/** The counters that the prometheus plugin shows. */
export class Metrics {
  private readonly requests = new Map<string, number>();
  private readonly responses = new Map<string, number>();

  request(server: string, zone: string, protocol: string, type: string): void {
    add(this.requests, `{family="1",proto="${protocol}",server="${server}",type="${type}",view="",zone="${zone}"}`);
  }

  response(server: string, zone: string, code: string, plugin: string): void {
    add(this.responses, `{plugin="${plugin}",rcode="${code}",server="${server}",view="",zone="${zone}"}`);
  }

  text(version: string): string {
    const family = (name: string, help: string, type: string, values: Iterable<readonly [string, number]>) =>
      `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${[...values].map(([labels, value]) => `${name}${labels} ${value}\n`).join('')}`;
    return (
      family('coredns_build_info', 'A metric with a constant \'1\' value labeled by version, revision, and goversion from which CoreDNS was built.', 'gauge', [[`{goversion="go1.26.8",revision="",version="${version}"}`, 1]]) +
      family('coredns_dns_requests_total', 'Counter of DNS requests made per zone, protocol and family.', 'counter', this.requests) +
      family('coredns_dns_responses_total', 'Counter of response status codes.', 'counter', this.responses)
    );
  }
}

function add(counters: Map<string, number>, labels: string): void {
  counters.set(labels, (counters.get(labels) ?? 0) + 1);
}
