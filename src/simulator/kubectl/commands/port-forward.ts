import type { StreamConnection } from '../../api';
import { utf8Decode, type Task } from '../../kernel';
import { resourcePath } from '../api/mapper';
import type { Command, Context } from '../command';
import { CommandError, UsageError } from '../errors';
import { at, fieldsAt, listAt, nameOf, namespaceOf, numberAt, textAt, type Fields } from '../fields';
import { flag, quote } from '../flags';
import type { HostConnection, HostListener } from '../host';
import { podMapping, podOfTarget } from '../pods/of-target';
import { parseTargets } from '../resources/builder';

interface Forward {
  readonly local: number;
  readonly remote: number;
}

function portNumber(text: string, side: 'local' | 'remote'): number {
  if (!/^\d+$/.test(text)) throw new CommandError(`error parsing ${side} port '${text}': strconv.ParseUint: parsing ${quote(text)}: invalid syntax`);
  if (Number(text) > 65535) throw new CommandError(`error parsing ${side} port '${text}': strconv.ParseUint: parsing ${quote(text)}: value out of range`);
  return Number(text);
}

/** The number of a pod's named port. */
function namedPort(pod: Fields, name: string): number {
  const found = ['containers', 'initContainers'].flatMap((kind) => listAt(pod, 'spec', kind)).flatMap((container) => listAt(container, 'ports')).find((port) => textAt(port, 'name') === name);
  if (!found) throw new CommandError(`Pod '${nameOf(pod)}' does not have a named port '${name}'`);
  return numberAt(found, 'containerPort');
}

/** The pod's port behind a Service's. */
function servicePort(service: Fields, pod: Fields, text: string): number {
  const number = /^\d+$/.test(text) ? Number(text) : undefined;
  const port = listAt(service, 'spec', 'ports').find((one) => (number === undefined ? textAt(one, 'name') === text : one['port'] === number));
  if (!port) throw new CommandError(number === undefined ? `Service '${nameOf(service)}' does not have a named port '${text}'` : `Service ${nameOf(service)} does not have a service port ${text}`);
  if (textAt(service, 'spec', 'clusterIP') === 'None') return Number(text) || numberAt(port, 'port');
  const target = port['targetPort'];
  if (typeof target === 'string') return namedPort(pod, target);
  return typeof target === 'number' && target !== 0 ? target : numberAt(port, 'port');
}

function parseForward(text: string, pod: Fields, service: Fields | undefined): Forward {
  const parts = text.split(':');
  if (parts.length > 2) throw new CommandError(`invalid port format '${text}'`);
  const [localText = '', remoteText = localText] = parts;
  const target = parts.length === 2 ? remoteText : localText;
  const isName = !/^\d+$/.test(target);
  const remote = service ? servicePort(service, pod, target) : isName ? namedPort(pod, target) : undefined;
  const local = parts.length === 2 ? (localText === '' ? 0 : portNumber(localText, 'local')) : isName ? (remote as number) : portNumber(localText, 'local');
  return { local, remote: remote ?? portNumber(target, 'remote') };
}

function* copyOut(connection: StreamConnection, client: HostConnection): Task<void> {
  for (let data = yield* client.read(); data; data = yield* client.read()) connection.input.send({ channel: 0, data });
  connection.input.send({ channel: 0, data: new Uint8Array(), end: true });
}

function* serve(context: Context, pod: Fields, forward: Forward, port: number, client: HostConnection): Task<void> {
  const { err, out, session } = context;
  out(`Handling connection for ${port}\n`);
  const { connection } = yield* session.rest.request('GET', `${resourcePath(podMapping, namespaceOf(pod), nameOf(pod), 'portforward')}?ports=${forward.remote}`, { upgrade: 'websocket', accept: '*/*' });
  if (!connection) return client.close();
  const writer = session.host.spawn('port-forward out', copyOut(connection, client));
  const headed = new Set<number>();
  try {
    for (let frame = yield* connection.output.receive(); frame; frame = yield* connection.output.receive()) {
      // The first two bytes of each channel repeat the port.
      const data = headed.has(frame.channel) ? frame.data : frame.data.subarray(2);
      headed.add(frame.channel);
      if (frame.channel === 0 && data.length > 0) client.write(data);
      if (frame.channel === 1 && data.length > 0) err(`error: an error occurred forwarding ${port} -> ${forward.remote}: error forwarding port ${forward.remote} to pod ${textAt(pod, 'metadata', 'uid')}, uid : ${utf8Decode(data)}\n`);
    }
  } finally {
    writer.cancel();
    client.close();
    connection.input.close();
  }
}

function* accept(context: Context, pod: Fields, forward: Forward, listener: HostListener): Task<void> {
  for (let client = yield* listener.accept(); client; client = yield* listener.accept()) context.session.host.spawn('port-forward', serve(context, pod, forward, listener.port, client));
}

function* run(context: Context): Task<void> {
  const { args, flags, out, session } = context;
  if (args.length < 2) throw new UsageError('TYPE/NAME and list of ports are required for port-forward');
  const [word = '', ...ports] = args;
  let service: Fields | undefined;
  if (word.includes('/')) {
    const [target] = parseTargets(yield* session.mapper(), [word]);
    if (target?.mapping.kind === 'Service') service = yield* session.rest.get(resourcePath(target.mapping, session.namespace, target.name));
  }
  const pod = yield* podOfTarget(context, word);
  const forwards = ports.map((text) => parseForward(text, pod, service));
  const phase = textAt(pod, 'status', 'phase');
  if (phase !== 'Running') throw new CommandError(`unable to forward port because pod is not running. Current status=${phase}`);
  const { listen } = session.host;
  if (!listen) throw new CommandError('unable to listen on any of the requested ports: this terminal has no network');
  const listeners: HostListener[] = [];
  try {
    const addresses = flags.list('address').flatMap((address) => (address === 'localhost' ? ['127.0.0.1', '::1'] : [address]));
    for (const forward of forwards) {
      for (const address of addresses) {
        const first = listeners.at(-1)?.port ?? 0;
        const listener = listen(address, forward.local === 0 && address === '::1' ? first : forward.local);
        listeners.push(listener);
        out(`Forwarding from ${address.includes(':') ? `[${address}]` : address}:${listener.port} -> ${forward.remote}\n`);
        session.host.spawn('port-forward accept', accept(context, pod, forward, listener));
      }
    }
    const gone = yield* session.rest.watch(`${resourcePath(podMapping, namespaceOf(pod))}?watch=true&fieldSelector=metadata.name%3D${nameOf(pod)}&resourceVersion=${textAt(pod, 'metadata', 'resourceVersion')}`);
    for (let event = yield* gone.receive(); event; event = yield* gone.receive()) {
      if (event.type === 'DELETED' || at(fieldsAt(event.object, 'status'), 'phase') === 'Failed') throw new CommandError('lost connection to pod');
    }
  } finally {
    for (const listener of listeners) listener.close();
  }
}

/** kubectl port-forward */
export const portForward: Command = {
  name: 'port-forward',
  short: 'Forward one or more local ports to a pod',
  use: 'TYPE/NAME [options] [LOCAL_PORT:]REMOTE_PORT [...[LOCAL_PORT_N:]REMOTE_PORT_N]',
  examples: ['kubectl port-forward pod/web 8080:80', 'kubectl port-forward service/web :http'],
  flags: [flag('--address=[localhost]', 'Addresses to listen on.', { kind: 'commaList' }), flag('--pod-running-timeout=1m0s', 'How long to wait for a pod.')],
  run,
};
