import type { Task } from '../../kernel';
import type { Command, Context } from '../command';
import { CommandError, throwAll } from '../errors';
import { at, fieldsAt, listAt, textAt, type Fields } from '../fields';
import { dryRunFlag, fieldManagerFlag, fileFlags, flag, printFlags, saveConfigFlag } from '../flags';
import { overridden } from '../patching';
import { dryRunOf, resultPrinter } from '../print/printer';
import { asTyped } from '../print/typed';
import { gatherInfos, type Info } from '../resources/builder';
import { createObject, savedConfig } from '../resources/write';

const serviceMapping = { group: '', version: 'v1', resource: 'services', singular: 'service', kind: 'Service', namespaced: true, shortNames: [], categories: [], verbs: [], subresources: [] } as const;

function selectorOf({ mapping, object }: Info): Fields {
  const selector = fieldsAt(object, 'spec', 'selector');
  switch (mapping.kind) {
    case 'Pod': {
      const labels = fieldsAt(object, 'metadata', 'labels') ?? {};
      if (Object.keys(labels).length === 0) throw new CommandError("the pod has no labels and cannot be exposed");
      return labels;
    }
    case 'Service':
    case 'ReplicationController':
      if (!selector) throw new CommandError("couldn't retrieve selectors via --selector flag or introspection: the service has no pod selector set");
      return selector;
    case 'Deployment':
    case 'ReplicaSet':
      if (listAt(selector, 'matchExpressions').length > 0) throw new CommandError(`couldn't retrieve selectors via --selector flag or introspection: couldn't convert expressions - "${JSON.stringify(at(selector, 'matchExpressions'))}" to map-based selector format`);
      return fieldsAt(selector, 'matchLabels') ?? {};
    default:
      throw new CommandError(`cannot expose a ${mapping.kind}`);
  }
}

interface Port {
  readonly port: number;
  readonly protocol: string;
}

/** Ports of the thing itself, when --port does not say. */
function ownPorts({ mapping, object }: Info): Port[] {
  if (mapping.kind === 'Service') return listAt(object, 'spec', 'ports').map((one) => ({ port: Number(one['port']), protocol: textAt(one, 'protocol') || 'TCP' }));
  const spec = mapping.kind === 'Pod' ? fieldsAt(object, 'spec') : fieldsAt(object, 'spec', 'template', 'spec');
  return listAt(spec, 'containers').flatMap((container) => listAt(container, 'ports')).map((one) => ({ port: Number(one['containerPort']), protocol: textAt(one, 'protocol') || 'TCP' }));
}

function pairsOf(text: string): Fields {
  return Object.fromEntries(text.split(',').map((pair) => {
    const [key = '', value, more] = pair.split('=');
    if (value === undefined || more !== undefined || key === '') throw new CommandError(`unexpected label spec: ${pair}`);
    return [key, value];
  }));
}

function serviceOf(context: Context, info: Info): Fields {
  const { flags } = context;
  const selector = flags.string('selector') === '' ? selectorOf(info) : pairsOf(flags.string('selector'));
  const known = ownPorts(info);
  const asked = flags.string('port');
  if (asked === '' && known.length === 0) throw new CommandError("couldn't find port via --port flag or introspection");
  const numbers = asked === '' ? known.map(({ port }) => port) : asked.split(',').map((text) => {
    if (!/^[+-]?\d+$/.test(text)) throw new CommandError(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
    return Number(text);
  });
  const protocolOf = (port: number) => flags.string('protocol') || known.find((one) => one.port === port)?.protocol || 'TCP';
  const target = flags.string('target-port');
  const targetValue = /^\d+$/.test(target) ? Number(target) : target;
  const ports = numbers.map((port, index) => ({ ...(numbers.length > 1 && { name: `port-${index + 1}` }), port, protocol: protocolOf(port), targetPort: target === '' ? port : targetValue }));
  const labels = flags.string('labels') === '' ? fieldsAt(info.object, 'metadata', 'labels') : pairsOf(flags.string('labels'));
  const [type, address, external, affinity, balancer] = ['type', 'cluster-ip', 'external-ip', 'session-affinity', 'load-balancer-ip'].map((key) => flags.string(key)) as [string, string, string, string, string];
  const name = flags.string('name') || info.name.slice(0, 63);
  return {
    kind: 'Service',
    apiVersion: 'v1',
    metadata: { name, ...(labels && Object.keys(labels).length > 0 && { labels }) },
    spec: {
      ports,
      selector,
      ...(address !== '' && { clusterIP: address === 'None' ? 'None' : address }),
      ...(type !== '' && { type }),
      ...(external !== '' && { externalIPs: [external] }),
      ...(affinity !== '' && { sessionAffinity: affinity }),
      ...(balancer !== '' && { loadBalancerIP: balancer }),
    },
    status: { loadBalancer: {} },
  };
}

function* exposeOne(context: Context, info: Info): Task<void> {
  const { flags, session } = context;
  const plain = serviceOf(context, info);
  const overrides = flags.string('overrides');
  const wanted = overrides === '' ? plain : overridden(plain, overrides, flags.string('override-type'), serviceMapping);
  const print = resultPrinter(context, 'exposed');
  const namespace = info.namespace ?? session.namespace;
  const named = session.namespaceGiven ? { ...wanted, metadata: { ...(wanted['metadata'] as Fields), namespace } } : wanted;
  const object = savedConfig(context, asTyped(named));
  if (dryRunOf(flags) === 'client') return print(asTyped(object));
  print(asTyped(yield* createObject(context, serviceMapping, namespace, object)));
}

/** kubectl expose */
export const expose: Command = {
  name: 'expose',
  short: 'Take a replication controller, service, deployment or pod and expose it as a new Kubernetes service',
  use: '(-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP] [--target-port=number-or-name] [--name=name] [--external-ip=external-ip-of-service] [--type=type]',
  examples: ['kubectl expose deployment web --port=80'],
  flags: [
    flag("--cluster-ip=''", 'Cluster IP to ask for; None for a headless service.'),
    dryRunFlag,
    flag("--external-ip=''", 'Further address that the service answers on.'),
    fieldManagerFlag('kubectl-expose'),
    ...fileFlags('to expose'),
    flag("-l, --labels=''", 'Labels of the service.'),
    flag("--load-balancer-ip=''", 'Address to ask the load balancer for.'),
    flag("--name=''", 'Name of the service.'),
    ...printFlags(),
    flag("--override-type='merge'", 'How --overrides is applied: json, merge, strategic.'),
    flag("--overrides=''", 'JSON that overrides what is made.'),
    flag("--port=''", 'Port of the service.'),
    flag("--protocol=''", 'TCP, UDP or SCTP.'),
    saveConfigFlag,
    flag("--selector=''", 'Labels of the pods.'),
    flag("--session-affinity=''", 'None or ClientIP.'),
    flag("--target-port=''", 'Port of the container, a number or name.'),
    flag("--type=''", 'ClusterIP, NodePort, LoadBalancer or ExternalName.'),
  ],
  *run(context) {
    const { infos, errors } = yield* gatherInfos(context);
    const failures = [...errors];
    for (const info of infos) {
      try {
        yield* exposeOne(context, info);
      } catch (error) {
        failures.push(error);
      }
    }
    throwAll(failures);
  },
};
