import { type Container as ContainerSpec, formatDuration, type HTTPGetAction, type Probe } from '../../api';
import { Channel, type Duration, type Kernel, race, seconds, sleep, type Task, utf8Decode, utf8Encode, within } from '../../kernel';
import { NetworkError, type NetworkNamespace, secureAsClient, TlsError } from '../../network';
import { type Container, StartError } from '../../runtime';

/** What one attempt found out. `unknown`: it could not even be made, and counts for nothing. */
export interface ProbeOutcome {
  readonly result: 'success' | 'failure' | 'unknown';
  readonly message: string;
}

/** Where a probe is made from and against. */
export interface ProbeTarget {
  readonly kernel: Kernel;
  /** The node's: probes come from the kubelet, not from inside the Pod. */
  readonly network: NetworkNamespace;
  readonly podIP: string;
  readonly spec: ContainerSpec;
  readonly container: Container;
}

const success: ProbeOutcome = { result: 'success', message: '' };
const failed = (message: string): ProbeOutcome => ({ result: 'failure', message });

/** The number that a port's name or number stands for in this container; undefined for an unknown name. */
export function portOf(spec: ContainerSpec, port: number | string | undefined): number | undefined {
  if (typeof port === 'number') return port;
  const named = spec.ports?.find((p) => p.name === port)?.containerPort;
  const number = named ?? Number(port);
  return Number.isInteger(number) ? number : undefined;
}

/** How Go names a failed dial. */
function dialError(error: NetworkError, address: string): string {
  const texts: Partial<Record<string, string>> = {
    ECONNREFUSED: 'connect: connection refused',
    EHOSTUNREACH: 'connect: no route to host',
    ENETUNREACH: 'connect: network is unreachable',
    ETIMEDOUT: 'i/o timeout',
    ECONNRESET: 'read: connection reset by peer',
  };
  return `dial tcp ${address}: ${texts[error.code] ?? error.code}`;
}

function* runExec(target: ProbeTarget, command: readonly string[], output: string[]): Task<number> {
  const streams = yield* target.container.exec(command, { stdin: false, tty: false });
  const collect = function* (from: Channel<Uint8Array>): Task {
    for (let data = yield* from.receive(); data; data = yield* from.receive()) if (output.join('').length < 10_240) output.push(utf8Decode(data));
  };
  const process = target.kernel.spawn('probe stderr', collect(streams.stderr));
  try {
    yield* collect(streams.stdout);
    if (process.state === 'running') yield* race({ end: () => streams.exit(), never: () => sleep(seconds(0.2)) });
    return yield* streams.exit();
  } finally {
    streams.close();
    process.cancel();
  }
}

function* exec(target: ProbeTarget, command: readonly string[], timeout: Duration): Task<ProbeOutcome> {
  const output: string[] = [];
  try {
    const code = yield* within(timeout, () => runExec(target, command, output));
    if (code === undefined) return failed(`command timed out: "${command.join(' ')}" timed out after ${formatDuration(timeout)}`);
    return code === 0 ? success : failed(output.join(''));
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    return { result: 'unknown', message: `rpc error: code = Unknown desc = ${error.message}` };
  }
}

/** The kubelet does not look at certificates. */
const anybody = (): undefined => undefined;

const names: Readonly<Record<string, string>> = { host: 'Host', 'user-agent': 'User-Agent', accept: 'Accept', connection: 'Connection' };

function textOf({ path = '/', httpHeaders = [] }: HTTPGetAction, { address, port }: Place, agent: string): string {
  const headers = new Map([['host', `${address}:${port}`], ['user-agent', agent], ['accept', '*/*'], ['connection', 'close']]);
  for (const header of httpHeaders) headers.set(header.name.toLowerCase(), header.value);
  return `GET ${path.startsWith('/') ? path : `/${path}`} HTTP/1.1\r\n${[...headers].map(([name, value]) => `${names[name] ?? name}: ${value}\r\n`).join('')}\r\n`;
}

interface Place {
  readonly address: string;
  readonly port: number;
}

/** Sends the request of a probe or hook; gives the answer's status, NaN for none. Throws NetworkError, TlsError. */
export function* get(target: Pick<ProbeTarget, 'network'>, action: HTTPGetAction, place: Place, agent: string): Task<number> {
  const connection = yield* target.network.connect(place);
  try {
    if (action.scheme === 'HTTPS') yield* secureAsClient(connection, place.address, anybody);
    yield* connection.write(utf8Encode(textOf(action, place, agent)));
    let head = '';
    while (!head.includes('\r\n')) {
      const data = yield* connection.read(4096);
      if (!data) break;
      head += utf8Decode(data);
    }
    return Number(/^HTTP\/\d\.\d (\d+)/.exec(head)?.[1] ?? NaN);
  } finally {
    connection.close();
  }
}

function* http(target: ProbeTarget, action: HTTPGetAction, timeout: Duration): Task<ProbeOutcome> {
  const port = portOf(target.spec, action.port);
  if (port === undefined) return { result: 'unknown', message: `couldn't find port: ${JSON.stringify(action.port)}` };
  const host = action.host ?? target.podIP;
  const path = action.path ?? '/';
  const url = `${(action.scheme ?? 'HTTP').toLowerCase()}://${host}:${port}${path.startsWith('/') ? path : `/${path}`}`;
  try {
    const code = yield* within(timeout, () => get(target, action, { address: host, port }, 'kube-probe/1.36'));
    if (code === undefined) return failed(`Get "${url}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`);
    if (Number.isNaN(code)) return failed(`Get "${url}": EOF`);
    return code >= 200 && code < 400 ? success : failed(`HTTP probe failed with statuscode: ${code}`);
  } catch (error) {
    if (error instanceof TlsError) return failed(`Get "${url}": ${error.message}`);
    if (error instanceof NetworkError) return failed(`Get "${url}": ${dialError(error, `${host}:${port}`)}`);
    throw error;
  }
}

function* tcp(target: ProbeTarget, action: { readonly port: number | string; readonly host?: string }, timeout: Duration): Task<ProbeOutcome> {
  const port = portOf(target.spec, action.port);
  if (port === undefined) return { result: 'unknown', message: `couldn't find port: ${JSON.stringify(action.port)}` };
  const host = action.host ?? target.podIP;
  try {
    const connection = yield* within(timeout, () => target.network.connect({ address: host, port }));
    if (!connection) return failed(`dial tcp ${host}:${port}: i/o timeout`);
    connection.close();
    return success;
  } catch (error) {
    if (error instanceof NetworkError) return failed(dialError(error, `${host}:${port}`));
    throw error;
  }
}

/** Makes one attempt. (kubernetes.io: Liveness, Readiness, and Startup Probes) */
export function* attempt(target: ProbeTarget, probe: Probe): Task<ProbeOutcome> {
  const timeout = seconds(probe.timeoutSeconds ?? 1);
  if (probe.exec) return yield* exec(target, probe.exec.command ?? [], timeout);
  if (probe.httpGet) return yield* http(target, probe.httpGet, timeout);
  if (probe.tcpSocket) return yield* tcp(target, probe.tcpSocket, timeout);
  return { result: 'unknown', message: 'missing probe handler' };
}
