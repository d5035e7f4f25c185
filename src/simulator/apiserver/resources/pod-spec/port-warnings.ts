import type { ContainerPort, PodSpec } from '../../../api';

interface Seen {
  readonly at: string;
  readonly hostPort: number;
  readonly hostIP: string;
}

/** Ports of a Pod's containers that are there more than once: they would be lost when the Pod is applied. */
export function portWarnings(spec: PodSpec, path: string, out: string[]): void {
  let seen: Map<string, Seen[]> | undefined;
  for (const list of ['initContainers', 'containers'] as const) {
    for (const [index, { ports }] of (spec[list] ?? []).entries()) {
      if (!ports) continue;
      for (const [portIndex, port] of ports.entries()) lookAt(port, `${path}.${list}[${index}].ports[${portIndex}]`, (seen ??= new Map<string, Seen[]>()), out);
    }
  }
}

function lookAt({ name = '', containerPort, protocol = 'TCP', hostPort = 0, hostIP = '' }: ContainerPort, at: string, seen: Map<string, Seen[]>, out: string[]): void {
  if (hostIP !== '' && hostPort === 0) out.push(`${at}: hostIP set without hostPort: {Name:${name} HostPort:0 ContainerPort:${containerPort} Protocol:${protocol} HostIP:${hostIP}}`);
  const key = `${containerPort}/${protocol}`;
  const others = seen.get(key) ?? [];
  for (const other of others) {
    const relation = relationOf({ at, hostPort, hostIP }, other);
    if (relation !== undefined) out.push(`${at}: ${relation} port definition with ${other.at}`);
  }
  seen.set(key, [...others, { at, hostPort, hostIP }]);
}

function relationOf(one: Seen, other: Seen): string | undefined {
  if (one.hostPort === other.hostPort && one.hostIP === other.hostIP) return 'duplicate';
  const isPlain = ({ hostPort, hostIP }: Seen): boolean => hostPort === 0 && hostIP === '';
  if (isPlain(one) || isPlain(other)) return 'overlapping';
  return one.hostPort === other.hostPort && (one.hostIP === '' || other.hostIP === '') ? 'dangerously ambiguous' : undefined;
}
