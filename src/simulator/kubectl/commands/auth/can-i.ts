import type { Task } from '../../../kernel';
import type { Mapping } from '../../api/mapper';
import type { Command, Context } from '../../command';
import { ruleRows } from '../../describe/config';
import { CommandError, ExitError } from '../../errors';
import { at, listAt, textAt, type Fields } from '../../fields';
import { allNamespacesFlag, flag } from '../../flags';
import { alignTabs, tableTabs } from '../../print/tabs';

const usage = 'you must specify two arguments: verb resource or verb resource/resourceName.\nSee \'kubectl auth can-i -h\' for help and examples.';

function warn(context: Context, text: string): void {
  context.err(`Warning: ${text}\n\n`);
}

/** The resource that a word means, with its group; what is unknown is asked for as it stands. */
function* resourceOf(context: Context, word: string): Task<{ group: string; resource: string; mapping: Mapping | undefined }> {
  if (word === '*') return { group: '*', resource: '*', mapping: undefined };
  const mapping = (yield* context.session.mapper()).find(word);
  if (mapping) return { group: mapping.group, resource: mapping.resource, mapping };
  const [resource = '', ...rest] = word.split('.');
  const group = rest.join('.');
  warn(context, group === '' ? `the server doesn't have a resource type '${resource}'` : `the server doesn't have a resource type '${resource}' in group '${group}'`);
  return { group, resource, mapping: undefined };
}

function* attributesOf(context: Context): Task<Fields> {
  const { args, flags, session } = context;
  const [verb = '', target = ''] = args;
  if (target.startsWith('/')) return { nonResourceAttributes: { path: target, verb } };
  const [word = '', name = ''] = target.split('/');
  const { group, mapping, resource } = yield* resourceOf(context, word);
  const anywhere = flags.bool('all-namespaces');
  if (mapping && !mapping.namespaced && !anywhere && resource !== '*') warn(context, `resource '${resource}' is not namespace scoped${mapping.group === '' ? '' : ` in group '${mapping.group}'`}`);
  const subresource = flags.string('subresource');
  return {
    resourceAttributes: {
      ...(anywhere ? {} : { namespace: session.namespace }),
      verb,
      ...(group !== '' && { group }),
      resource,
      ...(subresource !== '' && { subresource }),
      ...(name !== '' && { name }),
    },
  };
}

function* list(context: Context): Task<void> {
  const { flags, out, session } = context;
  const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec: { namespace: session.namespace } };
  const answer = yield* session.rest.object('POST', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', { body: review });
  const resourceRules = listAt(answer, 'status', 'resourceRules').map((rule) => ({ verbs: rule['verbs'], apiGroups: rule['apiGroups'], resources: rule['resources'], resourceNames: rule['resourceNames'] }));
  const pathRules = listAt(answer, 'status', 'nonResourceRules').map((rule) => ({ verbs: rule['verbs'], nonResourceURLs: rule['nonResourceURLs'] }));
  const rows = [...(flags.bool('no-headers') ? [] : [['Resources', 'Non-Resource URLs', 'Resource Names', 'Verbs']]), ...ruleRows([...resourceRules, ...pathRules], true, false)];
  out(alignTabs(`${rows.map((row) => row.join('\t')).join('\n')}\n`, tableTabs));
  if (at(answer, 'status', 'incomplete') === true) context.err(`warning: the list may be incomplete: ${textAt(answer, 'status', 'evaluationError')}\n`);
}

/** kubectl auth can-i */
export const canI: Command = {
  name: 'can-i',
  short: 'Check whether an action is allowed',
  use: 'VERB [TYPE | TYPE/NAME | NONRESOURCEURL]',
  examples: ['kubectl auth can-i create pods', 'kubectl auth can-i list deployments --as=jane', 'kubectl auth can-i --list'],
  flags: [allNamespacesFlag, flag('--list=false', 'List everything that is allowed.'), flag('--no-headers=false', 'Do not print headers.'), flag('-q, --quiet=false', 'Only the exit code.'), flag("--subresource=''", 'Subresource: log, scale, …')],
  *run(context) {
    const { args, flags, out, session } = context;
    if (flags.bool('list')) {
      if (args.length > 0) throw new CommandError('list option must be specified with no arguments');
      return yield* list(context);
    }
    if (args.length !== 2) throw new CommandError(usage);
    const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: yield* attributesOf(context) };
    const answer = yield* session.rest.object('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { body });
    const allowed = at(answer, 'status', 'allowed') === true;
    const reason = textAt(answer, 'status', 'reason');
    const problem = textAt(answer, 'status', 'evaluationError');
    if (!flags.bool('quiet')) out(allowed ? 'yes\n' : `no${reason === '' ? '' : ` - ${reason}`}${problem === '' ? '' : ` - ${problem}`}\n`);
    if (!allowed) throw new ExitError(1);
  },
};
