import { CommandError } from '../../errors';
import type { Fields } from '../../fields';
import { flag } from '../../flags';
import { named, type Generator } from './generator';

/** kubectl create namespace */
export const namespace: Generator = {
  name: 'namespace',
  aliases: ['ns'],
  use: 'NAME [--dry-run=server|client|none]',
  short: 'Create a namespace with the specified name',
  flags: [],
  place: { group: '', version: 'v1', resource: 'namespaces', kind: 'Namespace', namespaced: false },
  *make(_context, name) {
    return { ...named('v1', 'Namespace', name), spec: {}, status: {} };
  },
};

/** kubectl create serviceaccount */
export const serviceAccount: Generator = {
  name: 'serviceaccount',
  aliases: ['sa'],
  use: 'NAME [--dry-run=server|client|none]',
  short: 'Create a service account with the specified name',
  flags: [],
  place: { group: '', version: 'v1', resource: 'serviceaccounts', kind: 'ServiceAccount', namespaced: true },
  failure: 'failed to create serviceaccount: ',
  *make(_context, name) {
    return named('v1', 'ServiceAccount', name);
  },
};

const quantityForm = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+|[numkKMGTPE]|[KMGTPE]i)?$/;

/** cpu=1,memory=2Gi as a map of quantities. Throws for what is none. */
export function parseQuantities(text: string): Fields {
  return Object.fromEntries(text.split(',').filter((part) => part !== '').map((part) => {
    const pieces = part.split('=');
    const [key = '', value = ''] = pieces;
    if (pieces.length !== 2) throw new CommandError(`Invalid argument syntax ${part}, expected <resource>=<value>`);
    if (!quantityForm.test(value)) throw new CommandError("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
    return [key, value];
  }));
}

/** kubectl create quota */
export const quota: Generator = {
  name: 'quota',
  aliases: ['resourcequota'],
  use: 'NAME [--hard=key1=value1,key2=value2] [--scopes=Scope1,Scope2] [--dry-run=server|client|none]',
  short: 'Create a quota with the specified name',
  flags: [flag("--hard=''", 'Limits: resource=quantity,…'), flag("--scopes=''", 'Scopes that the quota counts in.')],
  place: { group: '', version: 'v1', resource: 'resourcequotas', kind: 'ResourceQuota', namespaced: true },
  failure: 'failed to create quota: ',
  *make({ flags }, name) {
    const hard = parseQuantities(flags.string('hard'));
    const scopes = flags.string('scopes').split(',').filter((scope) => scope !== '');
    return { ...named('v1', 'ResourceQuota', name), spec: { ...(Object.keys(hard).length > 0 && { hard }), ...(scopes.length > 0 && { scopes }) }, status: {} };
  },
};

function availability(text: string, which: string): number | string {
  if (/^\d+%$/.test(text)) return text;
  if (/^\d+$/.test(text)) return Number(text);
  throw new CommandError(`invalid format specified for ${which}`);
}

function matchLabels(text: string): Fields {
  const pairs = text.split(',').map((part) => /^([^=!]+?)\s*==?\s*([^=]*)$/.exec(part.trim()));
  if (pairs.some((pair) => !pair)) throw new CommandError(`couldn't parse the selector string ${JSON.stringify(text)}`);
  return Object.fromEntries(pairs.map((pair) => [(pair as RegExpExecArray)[1] as string, (pair as RegExpExecArray)[2] as string]));
}

/** kubectl create poddisruptionbudget */
export const podDisruptionBudget: Generator = {
  name: 'poddisruptionbudget',
  aliases: ['pdb'],
  use: 'NAME --selector=SELECTOR --min-available=N [--dry-run=server|client|none]',
  short: 'Create a pod disruption budget with the specified name',
  flags: [flag("--max-unavailable=''", 'Most Pods that may be down, a number or percentage.'), flag("--min-available=''", 'Fewest Pods that must be up, a number or percentage.'), flag("--selector=''", 'Labels of the Pods.')],
  place: { group: 'policy', version: 'v1', resource: 'poddisruptionbudgets', kind: 'PodDisruptionBudget', namespaced: true },
  failure: 'failed to create poddisruptionbudgets: ',
  *make({ flags }, name) {
    const [selector, least, most] = [flags.string('selector'), flags.string('min-available'), flags.string('max-unavailable')];
    if (selector === '') throw new CommandError('a selector must be specified');
    if (least === '' && most === '') throw new CommandError('one of min-available or max-unavailable must be specified');
    if (least !== '' && most !== '') throw new CommandError('min-available and max-unavailable cannot be both specified');
    return {
      ...named('policy/v1', 'PodDisruptionBudget', name),
      spec: { ...(least !== '' && { minAvailable: availability(least, 'min-available') }), selector: { matchLabels: matchLabels(selector) }, ...(most !== '' && { maxUnavailable: availability(most, 'max-unavailable') }) },
      status: { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 },
    };
  },
};

/** kubectl create priorityclass */
export const priorityClass: Generator = {
  name: 'priorityclass',
  aliases: ['pc'],
  use: 'NAME --value=VALUE --global-default=BOOL [--dry-run=server|client|none]',
  short: 'Create a priority class with the specified name',
  flags: [
    flag("--description=''", 'What the class is for.'),
    flag('--global-default=false', 'The class of Pods that name none.'),
    flag("--preemption-policy='PreemptLowerPriority'", 'PreemptLowerPriority or Never.'),
    flag('--value=0', 'The priority.', { bits: 32 }),
  ],
  place: { group: 'scheduling.k8s.io', version: 'v1', resource: 'priorityclasses', kind: 'PriorityClass', namespaced: false },
  failure: 'failed to create priorityclass: ',
  *make({ flags }, name) {
    const description = flags.string('description');
    return {
      ...named('scheduling.k8s.io/v1', 'PriorityClass', name),
      ...(description !== '' && { description }),
      ...(flags.bool('global-default') && { globalDefault: true }),
      preemptionPolicy: flags.string('preemption-policy'),
      value: flags.number('value'),
    };
  },
};
