import type { Command, Context } from '../../command';
import { CommandError, throwAll } from '../../errors';
import { isFields, textAt, type Fields } from '../../fields';
import { flag, printFlags } from '../../flags';
import { loadKubeconfig, type Kubeconfig, type Stanza } from '../../kubeconfig/load';
import { alignTabs, tableTabs } from '../../print/tabs';
import { structuredPrinter, unknownFormat } from '../../print/printer';
import { asTypedConfig } from './typed';

/** The configuration, or an empty one when nothing is there. */
export const configOf = ({ flags, session }: Context): Kubeconfig => loadKubeconfig(session.host.files, flags.string('kubeconfig'), session.host.env, true);

const secretFields: Readonly<Record<string, string>> = { token: 'REDACTED', password: 'REDACTED', 'client-key-data': 'DATA+OMITTED', 'client-certificate-data': 'DATA+OMITTED', 'certificate-authority-data': 'DATA+OMITTED' };

function redacted(value: Fields): Fields {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, secretFields[key] !== undefined && item !== '' ? secretFields[key] : item]));
}

const entries = (stanzas: readonly Stanza[], key: string, raw: boolean): Fields[] | null => (stanzas.length === 0 ? null : stanzas.map(({ name, value }) => ({ name, [key]: raw ? value : redacted(value) })));

function minified(config: Kubeconfig, context: string): Kubeconfig {
  const found = config.contexts.find(({ name }) => name === context);
  if (context === '') throw new CommandError('current-context must exist in order to minify');
  if (!found) throw new CommandError(`cannot locate context ${context}`);
  return {
    ...config,
    contexts: [found],
    clusters: config.clusters.filter(({ name }) => name === textAt(found.value, 'cluster')),
    users: config.users.filter(({ name }) => name === textAt(found.value, 'user')),
    currentContext: context,
  };
}

/** kubectl config view */
export const view: Command = {
  name: 'view',
  short: 'Display merged kubeconfig settings or a specified kubeconfig file',
  flags: [flag('--flatten=false', 'Put certificate files into the output.'), flag('--merge=true', 'Merge all files.'), flag('--minify=false', 'Only what the current context uses.'), ...printFlags("'yaml'"), flag('--raw=false', 'Show secrets.')],
  *run(context) {
    const { flags } = context;
    const whole = configOf(context);
    const config = flags.bool('minify') ? minified(whole, flags.string('context') || whole.currentContext) : whole;
    const raw = flags.bool('raw');
    const object = {
      kind: 'Config',
      apiVersion: 'v1',
      ...(isFields(config.preferences) && { preferences: config.preferences }),
      clusters: entries(config.clusters, 'cluster', raw),
      users: entries(config.users, 'user', raw),
      contexts: entries(config.contexts, 'context', raw),
      'current-context': config.currentContext,
    };
    const printer = structuredPrinter(context, flags.string('output'));
    if (!printer) throw unknownFormat(flags.string('output'));
    printer(asTypedConfig(object));
  },
};

/** kubectl config get-contexts */
export const getContexts: Command = {
  name: 'get-contexts',
  short: 'Describe one or many contexts',
  use: '[(-o|--output=)name)]',
  flags: [flag('--no-headers=false', 'Do not print headers.'), flag("-o, --output=''", '"name" for names alone.')],
  *run(context) {
    const { args, flags, out } = context;
    const format = flags.string('output');
    if (!['', 'name'].includes(format)) throw new CommandError(`--output ${format} is not available in kubectl config get-contexts; resetting to default output format`);
    const config = configOf(context);
    const errors: unknown[] = [];
    const chosen = args.length === 0 ? config.contexts : args.flatMap((name) => {
      const found = config.contexts.find((one) => one.name === name);
      if (!found) errors.push(new CommandError(`context ${name} not found`));
      return found ? [found] : [];
    });
    if (format === 'name') out(chosen.map(({ name }) => `${name}\n`).join(''));
    else {
      const rows = chosen.map(({ name, value }) => [name === config.currentContext ? '*' : '', name, textAt(value, 'cluster'), textAt(value, 'user'), textAt(value, 'namespace')]);
      const all = flags.bool('no-headers') ? rows : [['CURRENT', 'NAME', 'CLUSTER', 'AUTHINFO', 'NAMESPACE'], ...rows];
      if (all.length > 0) out(alignTabs(`${all.map((row) => row.join('\t')).join('\n')}\n`, tableTabs));
    }
    throwAll(errors);
  },
};
