import type { Task } from '../../kernel';
import { resourcePath } from '../api/mapper';
import type { Command, Context } from '../command';
import { listAt, mapAt, nameOf, namespaceOf, textAt } from '../fields';
import { allNamespacesFlag, flag, printFlags } from '../flags';
import { podMapping } from '../pods/of-target';
import { structuredPrinter, unknownFormat } from '../print/printer';
import { allContainerNames } from '../pods/containers';

const kindsToDump = [['', 'v1', 'events', 'Event'], ['', 'v1', 'replicationcontrollers', 'ReplicationController'], ['', 'v1', 'services', 'Service'], ['apps', 'v1', 'daemonsets', 'DaemonSet'], ['apps', 'v1', 'deployments', 'Deployment'], ['apps', 'v1', 'replicasets', 'ReplicaSet'], ['', 'v1', 'pods', 'Pod']] as const;

function* dumpNamespace(context: Context, namespace: string, print: (object: Readonly<Record<string, unknown>>) => void): Task<void> {
  const { out, session } = context;
  for (const [group, version, resource, kind] of kindsToDump) {
    const list = yield* session.rest.get(resourcePath({ group, version, resource, namespaced: true }, namespace));
    print({ kind: `${kind}List`, apiVersion: group === '' ? version : `${group}/${version}`, ...list });
  }
  for (const pod of listAt(yield* session.rest.get(resourcePath(podMapping, namespace)), 'items')) {
    for (const container of allContainerNames(pod)) {
      out(`==== START logs for container ${container} of pod ${namespace}/${nameOf(pod)} ====\n`);
      try {
        out(yield* session.rest.text(`${resourcePath(podMapping, namespaceOf(pod), nameOf(pod), 'log')}?container=${container}`));
      } catch (error) {
        out(`Request log error: ${error instanceof Error ? error.message : String(error)}\n`);
      }
      out(`==== END logs for container ${container} of pod ${namespace}/${nameOf(pod)} ====\n`);
    }
  }
}

const dump: Command = {
  name: 'dump',
  short: 'Dump relevant information for debugging and diagnosis',
  flags: [allNamespacesFlag, flag('--namespaces=[]', 'Namespaces to dump.', { kind: 'commaList' }), flag("--output-directory=''", 'Folder to write to; - is stdout.'), flag('--pod-running-timeout=20s', 'How long to wait for a pod.'), ...printFlags("'json'")],
  *run(context) {
    const { flags, session } = context;
    const print = structuredPrinter(context, flags.string('output'));
    if (!print) throw unknownFormat(flags.string('output'));
    const nodes = yield* session.rest.get('/api/v1/nodes');
    print({ kind: 'NodeList', apiVersion: 'v1', ...nodes });
    const all = flags.bool('all-namespaces') ? listAt(yield* session.rest.get('/api/v1/namespaces'), 'items').map(nameOf) : undefined;
    const namespaces = all ?? (flags.list('namespaces').length > 0 ? flags.list('namespaces') : ['kube-system', session.namespace]);
    for (const namespace of namespaces) yield* dumpNamespace(context, namespace, print);
  },
};

/** kubectl cluster-info */
export const clusterInfo: Command = {
  name: 'cluster-info',
  short: 'Display cluster information',
  commands: [dump],
  *run(context) {
    const { out, session } = context;
    const { server } = session.selection.target;
    const colour = (code: number, text: string) => (session.host.stdout.isTerminal ? `\u001b[0;${code}m${text}\u001b[0m` : text);
    const services = listAt(yield* session.rest.get('/api/v1/namespaces/kube-system/services?labelSelector=kubernetes.io%2Fcluster-service%3Dtrue'), 'items');
    out(`${colour(32, 'Kubernetes control plane')} is running at ${colour(33, server)}\n`);
    for (const service of services) {
      const [port] = listAt(service, 'spec', 'ports');
      const ingress = listAt(service, 'status', 'loadBalancer', 'ingress')[0];
      const name = new Map(mapAt(service, 'metadata', 'labels')).get('kubernetes.io/name') ?? nameOf(service);
      const link = ingress ? `http://${textAt(ingress, 'ip') || textAt(ingress, 'hostname')}:${textAt(port, 'port')}` : `${server}/api/v1/namespaces/${namespaceOf(service)}/services/${nameOf(service)}${textAt(port, 'name') === '' ? '' : `:${textAt(port, 'name')}`}/proxy`;
      out(`${colour(32, name)} is running at ${colour(33, link)}\n`);
    }
    out("\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n");
  },
};
