import type { Command } from '../../command';
import { CommandError } from '../../errors';
import { listAt, textAt, withAt, type Fields } from '../../fields';
import { flag } from '../../flags';
import { hasFiles, noResources } from '../../resources/builder';
import { parseQuantities } from '../create/plain';
import { subjectsOf } from '../create/rbac';
import { changeContainers, matchesName, podSpecPath } from './templates';
import { setFlags, setInfos, updateEach, withoutTemplate } from './update';

function merged(container: Fields, key: 'limits' | 'requests', text: string): Fields {
  if (text === '') return container;
  const resources = (container['resources'] ?? {}) as Fields;
  const known = (resources[key] ?? {}) as Fields;
  const next: Record<string, unknown> = { ...known, ...parseQuantities(text) };
  for (const [name, value] of Object.entries(next)) if (value === '0') delete next[name];
  return { ...container, resources: { ...resources, [key]: next } };
}

/** kubectl set resources */
export const resources: Command = {
  name: 'resources',
  short: 'Update resource requests/limits on objects with pod templates',
  use: '(-f FILENAME | TYPE NAME)  ([--limits=LIMITS & --requests=REQUESTS]',
  flags: [...setFlags, flag("-c, --containers='*'", 'Names of the containers to change; * matches anything.'), flag("--limits=''", 'Limits: cpu=200m,memory=512Mi.'), flag("--requests=''", 'Requests: cpu=100m,memory=256Mi.')],
  *run(context) {
    const { args, flags } = context;
    const infos = yield* setInfos(context, args);
    const [limits, requests] = [flags.string('limits'), flags.string('requests')];
    if (limits === '' && requests === '') throw new CommandError('you must specify an update to requests or limits (in the form of --requests/--limits)');
    yield* updateEach(
      context,
      infos,
      'resource requirements updated',
      (info) => {
        const path = podSpecPath(info.mapping);
        if (!path) throw withoutTemplate(info);
        const matching = listAt(info.object, ...path, 'containers').filter((one) => matchesName(flags.string('containers'), one));
        if (matching.length === 0) throw new CommandError(`unable to find container named ${flags.string('containers')}`);
        return changeContainers(info.object, path, (container) => (matchesName(flags.string('containers'), container) ? merged(merged(container, 'limits', limits), 'requests', requests) : container), ['containers']);
      },
      { failure: 'failed to patch resources update to pod template' },
    );
  },
};

function selectorMap(text: string): Fields {
  return Object.fromEntries(text.split(',').map((part) => {
    const match = /^\s*([^=!\s]+)\s*==?\s*([^=\s]*)\s*$/.exec(part);
    if (!match) throw new CommandError(`${part} is not a valid selector requirement`);
    return [match[1] as string, match[2] as string];
  }));
}

/** kubectl set selector */
export const selector: Command = {
  name: 'selector',
  short: 'Set the selector on a resource',
  use: '(-f FILENAME | TYPE NAME) EXPRESSIONS [--resource-version=version]',
  flags: [...setFlags.filter(({ name }) => name !== 'selector'), flag("--resource-version=''", 'Only when the object has this version.')],
  *run(context) {
    const { args } = context;
    const expressions = args.filter((word) => word.includes('='));
    const words = args.filter((word) => !word.includes('='));
    if (expressions.length === 0) throw new CommandError('one selector is required');
    if (words.length === 0 && !hasFiles(context)) throw new CommandError('one or more resources must be specified as <resource> <name> or <resource>/<name>');
    const wanted = selectorMap(expressions.join(','));
    const infos = yield* setInfos(context, words);
    yield* updateEach(context, infos, 'selector updated', (info) => {
      if (info.mapping.kind !== 'Service') throw new CommandError(`setting a selector is only supported for Services`);
      return withAt(info.object, ['spec', 'selector'], wanted);
    }, { always: true });
  },
};

/** kubectl set serviceaccount */
export const serviceAccount: Command = {
  name: 'serviceaccount',
  aliases: ['sa'],
  short: 'Update the service account of a resource',
  use: '(-f FILENAME | TYPE NAME) SERVICE_ACCOUNT',
  flags: setFlags,
  *run(context) {
    const { args } = context;
    const account = args.at(-1);
    if (account === undefined || (args.length < 2 && !hasFiles(context))) throw args.length === 0 ? new CommandError('serviceaccount is required') : noResources();
    const infos = yield* setInfos(context, args.slice(0, -1));
    yield* updateEach(context, infos, 'serviceaccount updated', (info) => {
      const path = podSpecPath(info.mapping);
      if (!path) throw withoutTemplate(info);
      return withAt(withAt(info.object, [...path, 'serviceAccountName'], account), [...path, 'serviceAccount'], account);
    }, { always: true });
  },
};

/** kubectl set subject */
export const subject: Command = {
  name: 'subject',
  short: 'Update the user, group, or service account in a role binding or cluster role binding',
  use: '(-f FILENAME | TYPE NAME) [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
  flags: [...setFlags, flag('--group=[]', 'Group to add.', { kind: 'list' }), flag('--serviceaccount=[]', 'Service account to add, namespace:name.', { kind: 'list' }), flag('--user=[]', 'User to add.', { kind: 'list' })],
  *run(context) {
    const { args } = context;
    const added = subjectsOf(context);
    const infos = yield* setInfos(context, args);
    if (added.length === 0) throw new CommandError('you must specify at least one value of user, group or serviceaccount');
    yield* updateEach(context, infos, 'subjects updated', (info) => {
      const known = listAt(info.object, 'subjects');
      const same = (a: Fields, b: Fields) => ['kind', 'name', 'namespace'].every((key) => textAt(a, key) === textAt(b, key));
      return { ...info.object, subjects: [...known, ...added.filter((one) => !known.some((other) => same(one, other)))] };
    });
  },
};
