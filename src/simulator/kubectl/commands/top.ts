import { type Amount, parseQuantity, zeroAmount } from '../../api';
import type { Task } from '../../kernel';
import { queryText } from '../api/rest';
import type { Command, Context } from '../command';
import { CommandError } from '../errors';
import { compareText, listAt, nameOf, namespaceOf, textAt, type Fields } from '../fields';
import { allNamespacesFlag, fieldSelectorFlag, flag, selectorFlag } from '../flags';
import { ColumnWriter } from '../print/table';

const sortFlag = flag("--sort-by=''", 'cpu or memory.');
const common = [flag('--no-headers=false', 'Do not print headers.'), selectorFlag, sortFlag, flag('--use-protocol-buffers=true', 'Ask with protocol buffers.')];

function* available({ session }: Context): Task<void> {
  const mapper = yield* session.mapper();
  if (!mapper.groupVersions.some((version) => version.startsWith('metrics.k8s.io/'))) throw new CommandError('Metrics API not available');
}

const cpuText = (amount: Amount): string => `${amount.milliValue()}m`;
const memoryText = (amount: Amount): string => `${Math.floor(amount.value() / (1024 * 1024))}Mi`;
const usageOf = (holder: Fields, name: string): Amount => parseQuantity(textAt(holder, 'usage', name) || '0');

interface Row {
  readonly cells: readonly string[];
  readonly name: string;
  readonly cpu: Amount;
  readonly memory: Amount;
}

function sorted(rows: readonly Row[], by: string): Row[] {
  if (by === 'cpu') return [...rows].sort((a, b) => b.cpu.compare(a.cpu));
  if (by === 'memory') return [...rows].sort((a, b) => b.memory.compare(a.memory));
  return [...rows].sort((a, b) => compareText(a.name, b.name));
}

function checkSort({ flags }: Context): void {
  if (!['', 'cpu', 'memory'].includes(flags.string('sort-by'))) throw new CommandError('--sort-by accepts only cpu or memory');
}

const node: Command = {
  name: 'node',
  aliases: ['nodes', 'no'],
  short: 'Display resource (CPU/memory) usage of nodes',
  use: '[NAME | -l label]',
  flags: [...common, flag('--show-capacity=false', 'Percentages of capacity instead of what can be given out.'), flag('--show-swap=false', 'Show swap.')],
  *run(context) {
    const { args, flags, out, session } = context;
    checkSort(context);
    yield* available(context);
    const path = '/apis/metrics.k8s.io/v1beta1/nodes';
    const metrics = args[0] !== undefined ? [yield* session.rest.get(`${path}/${args[0]}`)] : listAt(yield* session.rest.get(`${path}${queryText({ labelSelector: flags.string('selector') })}`), 'items');
    if (metrics.length === 0) throw new CommandError('metrics not available yet');
    const nodes = new Map(listAt(yield* session.rest.get('/api/v1/nodes'), 'items').map((one) => [nameOf(one), one]));
    const rows = metrics.map((metric): Row => {
      const [cpu, memory] = [usageOf(metric, 'cpu'), usageOf(metric, 'memory')];
      const room = (name: string) => parseQuantity(textAt(nodes.get(nameOf(metric)), 'status', flags.bool('show-capacity') ? 'capacity' : 'allocatable', name) || '0');
      const share = (used: number, whole: number) => (whole === 0 ? '<unknown>' : `${Math.trunc((used / whole) * 100)}%`);
      return { name: nameOf(metric), cpu, memory, cells: [nameOf(metric), cpuText(cpu), share(cpu.milliValue(), room('cpu').milliValue()), memoryText(memory), share(memory.milliValue(), room('memory').milliValue())] };
    });
    const header = ['NAME', 'CPU(cores)', 'CPU(%)', 'MEMORY(bytes)', 'MEMORY(%)'];
    new ColumnWriter(out).write([...(flags.bool('no-headers') ? [] : [header]), ...sorted(rows, flags.string('sort-by')).map(({ cells }) => cells)].map((cells) => [...cells, '']));
  },
};

const pod: Command = {
  name: 'pod',
  aliases: ['pods', 'po'],
  short: 'Display resource (CPU/memory) usage of pods',
  use: '[NAME | -l label]',
  flags: [...common, allNamespacesFlag, flag('--containers=false', 'Usage of each container.'), fieldSelectorFlag, flag('--show-swap=false', 'Show swap.'), flag('--sum=false', 'Add a line with the sum.')],
  *run(context) {
    const { args, flags, err, out, session } = context;
    checkSort(context);
    yield* available(context);
    const anywhere = flags.bool('all-namespaces');
    const path = anywhere ? '/apis/metrics.k8s.io/v1beta1/pods' : `/apis/metrics.k8s.io/v1beta1/namespaces/${session.namespace}/pods`;
    const query = queryText({ labelSelector: flags.string('selector'), fieldSelector: flags.string('field-selector') });
    const metrics = args[0] !== undefined ? [yield* session.rest.get(`${path}/${args[0]}`)] : listAt(yield* session.rest.get(`${path}${query}`), 'items');
    if (metrics.length === 0) {
      err(anywhere ? 'No resources found\n' : `No resources found in ${session.namespace} namespace.\n`);
      return;
    }
    const containers = flags.bool('containers');
    const rows = metrics.flatMap((metric): Row[] => {
      const lead = anywhere ? [namespaceOf(metric)] : [];
      const parts = listAt(metric, 'containers').map((one) => ({ name: textAt(one, 'name'), cpu: usageOf(one, 'cpu'), memory: usageOf(one, 'memory') }));
      if (containers) return parts.map(({ cpu, memory, name }) => ({ name: `${namespaceOf(metric)}/${nameOf(metric)}/${name}`, cpu, memory, cells: [...lead, nameOf(metric), name, cpuText(cpu), memoryText(memory)] }));
      const [cpu, memory] = [parts.reduce((sum, one) => sum.add(one.cpu), zeroAmount), parts.reduce((sum, one) => sum.add(one.memory), zeroAmount)];
      return [{ name: `${namespaceOf(metric)}/${nameOf(metric)}`, cpu, memory, cells: [...lead, nameOf(metric), cpuText(cpu), memoryText(memory)] }];
    });
    const header = [...(anywhere ? ['NAMESPACE'] : []), ...(containers ? ['POD', 'NAME'] : ['NAME']), 'CPU(cores)', 'MEMORY(bytes)'];
    const blank = [...(anywhere ? [''] : []), ...(containers ? [''] : [])];
    const sums = flags.bool('sum') ? [[...blank, '', '________', '________'], [...blank, '', cpuText(rows.reduce((sum, one) => sum.add(one.cpu), zeroAmount)), memoryText(rows.reduce((sum, one) => sum.add(one.memory), zeroAmount))]] : [];
    new ColumnWriter(out).write([...(flags.bool('no-headers') ? [] : [header]), ...sorted(rows, flags.string('sort-by')).map(({ cells }) => cells), ...sums].map((cells) => [...cells, '']));
  },
};

/** kubectl top */
export const top: Command = { name: 'top', short: 'Display resource (CPU/memory) usage', bareHelpOnStderr: true, commands: [node, pod] };
