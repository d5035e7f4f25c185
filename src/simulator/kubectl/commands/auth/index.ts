import type { Task } from '../../../kernel';
import { resourcePath } from '../../api/mapper';
import type { Command, Context } from '../../command';
import { CommandError, isNotFound, throwAll } from '../../errors';
import { listAt, mapAt, sameJson, textAt, textsAt, type Fields } from '../../fields';
import { dryRunFlag, fileFlags, flag, printFlags } from '../../flags';
import { dryRunOf, outputFormat, resultPrinter, structuredPrinter, unknownFormat } from '../../print/printer';
import { asTyped } from '../../print/typed';
import { alignTabs, tableTabs } from '../../print/tabs';
import { hasFiles, infosOfFiles, type Info } from '../../resources/builder';
import { createObject, replaceObject } from '../../resources/write';
import { canI } from './can-i';

const whoami: Command = {
  name: 'whoami',
  short: 'Experimental: Check self subject attributes',
  flags: printFlags(),
  *run(context) {
    const { args, flags, out, session } = context;
    if (args.length > 0) throw new CommandError(`unknown command ${JSON.stringify(args.join(' '))} for "kubectl auth whoami"`);
    const answer = yield* session.rest.object('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', { body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' } });
    const format = outputFormat(flags);
    if (format !== '') {
      const printer = structuredPrinter(context, format);
      if (!printer) throw unknownFormat(format);
      return printer(asTyped({ kind: 'SelfSubjectReview', apiVersion: 'authentication.k8s.io/v1', ...answer }));
    }
    const user = answer['status'] as Fields;
    const rows = [['ATTRIBUTE', 'VALUE'], ['Username', textAt(user, 'userInfo', 'username')]];
    if (textAt(user, 'userInfo', 'uid') !== '') rows.push(['UID', textAt(user, 'userInfo', 'uid')]);
    if (textsAt(user, 'userInfo', 'groups').length > 0) rows.push(['Groups', `[${textsAt(user, 'userInfo', 'groups').join(' ')}]`]);
    for (const [key] of mapAt(user, 'userInfo', 'extra')) rows.push([`Extra: ${key}`, `[${textsAt(user, 'userInfo', 'extra', key).join(' ')}]`]);
    out(alignTabs(`${rows.map((row) => row.join('\t')).join('\n')}\n`, tableTabs));
  },
};

function* reconcileOne(context: Context, info: Info): Task<void> {
  const { flags, session } = context;
  const { mapping, name, namespace, object } = info;
  const print = resultPrinter(context, 'reconciled');
  const key = mapping.kind.endsWith('Binding') ? 'subjects' : 'rules';
  let current: Fields | undefined;
  try {
    current = yield* session.rest.get(resourcePath(mapping, namespace, name));
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  const known = listAt(current, key);
  const remove = flags.bool(key === 'rules' ? 'remove-extra-permissions' : 'remove-extra-subjects');
  const wanted = listAt(object, key);
  const next = remove ? wanted : [...known, ...wanted.filter((one) => !known.some((other) => sameJson(one, other)))];
  if (current && sameJson(known, next)) return print(current);
  if (dryRunOf(flags) === 'client') return print({ ...(current ?? object), [key]: next });
  print(current ? yield* replaceObject(context, mapping, namespace, { ...current, [key]: next }) : yield* createObject(context, mapping, namespace, object));
}

const reconcile: Command = {
  name: 'reconcile',
  short: 'Reconciles rules for RBAC role, role binding, cluster role, and cluster role binding objects',
  use: '-f FILENAME',
  flags: [dryRunFlag, ...fileFlags('to reconcile'), ...printFlags(), flag('--remove-extra-permissions=false', 'Take away rules that the file lacks.'), flag('--remove-extra-subjects=false', 'Take away subjects that the file lacks.')],
  *run(context) {
    if (!hasFiles(context)) throw new CommandError('must specify one of -f and -k');
    const { errors, infos } = yield* infosOfFiles(context, false);
    throwAll(errors);
    for (const info of infos) if (info.mapping.group === 'rbac.authorization.k8s.io') yield* reconcileOne(context, info);
  },
};

/** kubectl auth */
export const auth: Command = { name: 'auth', short: 'Inspect authorization', use: 'SUBCOMMAND', bareHelpOnStderr: true, commands: [canI, reconcile, whoami] };
