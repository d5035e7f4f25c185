import { apiVersionOf } from '../../api';
import { resourceName, type Mapping } from '../api/mapper';
import type { Command } from '../command';
import { CommandError, UsageError } from '../errors';
import { compareText } from '../fields';
import { flag } from '../flags';
import { structuredPrinter } from '../print/printer';
import { markTyped } from '../print/typed';
import { alignTabs, tableTabs } from '../print/tabs';

function rowOf(mapping: Mapping, wide: boolean): string[] {
  const cells = [mapping.resource, mapping.shortNames.join(','), apiVersionOf(mapping.group, mapping.version), String(mapping.namespaced), mapping.kind];
  return wide ? [...cells, [...mapping.verbs].sort().join(','), mapping.categories.join(',')] : cells;
}

/** kubectl api-resources */
export const apiResources: Command = {
  name: 'api-resources',
  short: 'Print the supported API resources on the server',
  flags: [
    flag("--api-group=''", 'Only this group.'),
    flag('--cached=false', 'Use what was learned before.'),
    flag('--categories=[]', 'Only of these categories.', { kind: 'commaList' }),
    flag('--namespaced=true', 'Only those in namespaces; false: only those outside.'),
    flag('--no-headers=false', 'Do not print headers.'),
    flag("-o, --output=''", 'json, yaml, kyaml, name or wide.'),
    flag('--show-managed-fields=false', 'Keep managedFields in JSON and YAML.'),
    flag("--sort-by=''", 'name or kind.'),
    flag('--verbs=[]', 'Only those with these verbs.', { kind: 'commaList' }),
  ],
  *run(context) {
    const { args, flags, out, session } = context;
    const format = flags.string('output');
    const sortBy = flags.string('sort-by');
    if (args.length > 0) throw new UsageError(`unexpected arguments: [${args.join(' ')}]`);
    if (!['', 'wide', 'name', 'json', 'yaml', 'kyaml'].includes(format)) throw new CommandError(`--output ${format} is not available`);
    if (!['', 'name', 'kind'].includes(sortBy)) throw new CommandError('--sort-by accepts only name or kind');
    const mapper = yield* session.mapper();
    const chosen = mapper.preferred.filter(
      (mapping) =>
        mapping.verbs.length > 0 &&
        (!flags.changed('api-group') || mapping.group === flags.string('api-group')) &&
        (!flags.changed('namespaced') || mapping.namespaced === flags.bool('namespaced')) &&
        flags.list('verbs').every((verb) => mapping.verbs.includes(verb)) &&
        flags.list('categories').every((category) => mapping.categories.includes(category)),
    );
    const byGroup = (a: Mapping, b: Mapping) => compareText(a.group, b.group) || compareText(a.resource, b.resource);
    const sorted = [...chosen].sort(sortBy === 'name' ? (a, b) => compareText(a.resource, b.resource) : sortBy === 'kind' ? (a, b) => compareText(a.kind, b.kind) : byGroup);
    if (format === 'name') return out(sorted.map((mapping) => `${resourceName(mapping)}\n`).join(''));
    if (['json', 'yaml', 'kyaml'].includes(format)) {
      const list = { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: '', resources: sorted.map((mapping) => ({ name: mapping.resource, singularName: mapping.singular, namespaced: mapping.namespaced, ...(mapping.group !== '' && { group: mapping.group }), version: mapping.version, kind: mapping.kind, verbs: mapping.verbs, ...(mapping.shortNames.length > 0 && { shortNames: mapping.shortNames }), ...(mapping.categories.length > 0 && { categories: mapping.categories }) })) };
      structuredPrinter(context, format)?.(markTyped(list));
      return;
    }
    const wide = format === 'wide';
    const header = ['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND', ...(wide ? ['VERBS', 'CATEGORIES'] : [])];
    const rows = [...(flags.bool('no-headers') ? [] : [header]), ...sorted.map((mapping) => rowOf(mapping, wide))];
    if (rows.length > 0) out(alignTabs(`${rows.map((row) => row.join('\t')).join('\n')}\n`, tableTabs));
  },
};

/** kubectl api-versions */
export const apiVersions: Command = {
  name: 'api-versions',
  short: 'Print the supported API versions on the server, in the form of "group/version"',
  *run({ args, out, session }) {
    if (args.length > 0) throw new UsageError(`unexpected arguments: [${args.join(' ')}]`);
    const mapper = yield* session.mapper();
    out([...mapper.groupVersions].sort(compareText).map((version) => `${version}\n`).join(''));
  },
};
