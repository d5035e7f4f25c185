import { seconds, sleep, utf8Decode, type Task } from '../../kernel';
import { kindName, resourcePath } from '../api/mapper';
import type { Command, Context } from '../command';
import { CommandError, doing, isNotFound, throwAll } from '../errors';
import { textAt, type Fields } from '../fields';
import { allFlag, allNamespacesFlag, cascadeFlag, dryRunFlag, fieldSelectorFlag, fileFlags, flag, gracePeriodFlag, selectorFlag } from '../flags';
import { dryRunOf, dryRunSuffix } from '../print/printer';
import { gatherInfos, hasFiles, noResources, type Info } from '../resources/builder';
import { readAll } from '../resources/read-files';

/** The propagation policy of --cascade. Throws for words it does not know. */
export function propagationOf({ flags }: Pick<Context, 'flags'>): 'Background' | 'Orphan' | 'Foreground' {
  const value = flags.string('cascade');
  if (value === 'background' || value === 'true') return 'Background';
  if (value === 'orphan' || value === 'false') return 'Orphan';
  if (value === 'foreground') return 'Foreground';
  throw new CommandError(`invalid cascade value (${value}). Must be "background", "foreground", or "orphan"`);
}

/** How to delete, as kubectl's flags add up. */
export interface Deletion {
  /** Negative: the object's own. */
  readonly gracePeriod: number;
  readonly force: boolean;
  readonly propagation: 'Background' | 'Orphan' | 'Foreground';
  readonly wait: boolean;
  /** Seconds; 0 waits for ever (a week). */
  readonly timeout: number;
}

/** Sends the request that deletes one object; gives the answer. */
export function* deleteObject(context: Context, { mapping, namespace, name }: Pick<Info, 'mapping' | 'namespace' | 'name'>, deletion: Pick<Deletion, 'gracePeriod' | 'propagation'>): Task<Fields> {
  const body = {
    kind: 'DeleteOptions',
    apiVersion: 'v1',
    ...(deletion.gracePeriod >= 0 && { gracePeriodSeconds: deletion.gracePeriod }),
    propagationPolicy: deletion.propagation,
    ...(dryRunOf(context.flags) === 'server' && { dryRun: ['All'] }),
  };
  return yield* context.session.rest.object('DELETE', resourcePath(mapping, namespace, name), { body });
}

/** Waits until the object is gone, or another one has its name. Throws on time-out. */
export function* waitGone(context: Context, { mapping, namespace, name }: Pick<Info, 'mapping' | 'namespace' | 'name'>, uid: string, timeout: number): Task<void> {
  const { session } = context;
  const end = session.host.now() + seconds(timeout === 0 ? 7 * 24 * 3600 : timeout);
  for (;;) {
    try {
      const found = yield* session.rest.get(resourcePath(mapping, namespace, name));
      if (uid !== '' && textAt(found, 'metadata', 'uid') !== uid) return;
    } catch (error) {
      if (isNotFound(error)) return;
      throw error;
    }
    if (session.host.now() >= end) throw new CommandError(`timed out waiting for the condition on ${mapping.resource}/${name}`);
    yield* sleep(Math.min(seconds(0.1), Math.max(end - session.host.now(), 1)));
  }
}

/** `pod "web" deleted from shop namespace`, with what the flags add. */
export function deletedText(context: Context, { mapping, namespace, name }: Pick<Info, 'mapping' | 'namespace' | 'name'>, force: boolean): string {
  const where = namespace === undefined ? '' : ` from ${namespace} namespace`;
  return `${kindName(mapping)} ${JSON.stringify(name)} ${force ? 'force deleted' : 'deleted'}${where}${dryRunSuffix(context.flags)}\n`;
}

function deletionOf(context: Context): Deletion {
  const { flags, err } = context;
  let gracePeriod = flags.number('grace-period');
  let wait = flags.bool('wait');
  const force = flags.bool('force');
  if (flags.bool('now')) {
    if (gracePeriod !== -1) throw new CommandError('--now and --grace-period cannot be specified together');
    gracePeriod = 1;
  }
  if (gracePeriod === 0 && !force) {
    gracePeriod = 1; // the real one waits for the deletion of what it deletes at once without force
  } else if (force && gracePeriod < 0) gracePeriod = 0;
  if (gracePeriod > 0 && force) throw new CommandError('--force and --grace-period greater than 0 cannot be specified together');
  if (force && gracePeriod === 0) {
    err('Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n');
    if (!flags.changed('wait')) wait = false;
  }
  return { gracePeriod, force, propagation: propagationOf(context), wait, timeout: flags.number('timeout') };
}

const uidOf = (answer: Fields): string => textAt(answer, 'details', 'uid') || textAt(answer, 'metadata', 'uid');

function* confirmed(context: Context, infos: readonly Info[]): Task<boolean> {
  const { flags, out, session } = context;
  if (!flags.bool('interactive')) return true;
  out('You are about to delete the following ' + `${infos.length} resource(s):\n`);
  for (const { mapping, name } of infos) out(`${kindName(mapping)}/${name}\n`);
  out('Do you want to continue? (y/N): ');
  const answer = utf8Decode((yield* session.host.stdin.read()) ?? new Uint8Array());
  if (/^y(es)?\n?$/i.test(answer)) return true;
  out('deletion is cancelled\n');
  return false;
}

/** What remains to be done for an object that was deleted: nothing, or to wait until it is gone. */
function* deleteInfos(context: Context, infos: readonly Info[], deletion: Deletion, errors: unknown[]): Task<void> {
  const { flags, out } = context;
  const dryRun = dryRunOf(flags);
  const waiting: { info: Info; uid: string }[] = [];
  for (const info of infos) {
    try {
      if (dryRun !== 'client') {
        const answer = yield* deleteObject(context, info, deletion);
        waiting.push({ info, uid: uidOf(answer) });
      }
      out(flags.string('output') === 'name' ? `${kindName(info.mapping)}/${info.name}\n` : deletedText(context, info, deletion.force && deletion.gracePeriod === 0));
    } catch (error) {
      if (isNotFound(error) && (flags.bool('ignore-not-found') || flags.bool('all'))) continue;
      errors.push(info.source === undefined ? error : doing(`error when deleting ${JSON.stringify(info.source)}`, error));
    }
  }
  if (!deletion.wait || dryRun !== 'none') return;
  for (const { info, uid } of waiting) {
    try {
      yield* waitGone(context, info, uid, deletion.timeout);
    } catch (error) {
      errors.push(error);
    }
  }
}

function* run(context: Context): Task<void> {
  const { args, flags, session } = context;
  if (flags.changed('raw')) {
    const file = flags.list('filename')[0];
    const body = file === '-' ? yield* readAll(session.host.stdin) : undefined;
    const answer = yield* session.rest.request('DELETE', flags.string('raw'), body ? { body } : {});
    return context.out(answer.text ?? `${JSON.stringify(answer.body)}\n`);
  }
  if (!hasFiles(context) && args.length === 0) throw noResources();
  if (!['', 'name'].includes(flags.string('output'))) throw new CommandError(`unexpected -o output mode: ${flags.string('output')}. We only support '-o name'`);
  const named = args.length > 1 || args.some((arg) => arg.includes('/'));
  if (flags.bool('all') && flags.string('selector') !== '') throw new CommandError("setting 'all' parameter but found a non empty selector. ");
  const deletion = deletionOf(context);
  const { infos, errors } = yield* gatherInfos(context, { namesOnly: true, latest: false });
  const failures = [...errors];
  if (infos.length > 0 && !(yield* confirmed(context, infos))) return;
  yield* deleteInfos(context, infos, deletion, failures);
  throwAll(failures);
  if (infos.length === 0 && !named) context.out('No resources found\n');
}

/** kubectl delete */
export const deleteCommand: Command = {
  name: 'delete',
  short: 'Delete resources by file names, stdin, resources and names, or by resources and label selector',
  use: '([-f FILENAME] | [-k DIRECTORY] | TYPE [(NAME | -l label | --all)])',
  examples: ['# A pod by name', 'kubectl delete pod web', '', '# Everything with a label', 'kubectl delete pods,services -l app=web'],
  flags: [
    allFlag,
    allNamespacesFlag,
    cascadeFlag,
    dryRunFlag,
    fieldSelectorFlag,
    ...fileFlags('to delete'),
    flag('--force=false', 'Remove from the API at once, without a graceful end.'),
    gracePeriodFlag,
    flag('--ignore-not-found=false', 'Succeed when it is not there.'),
    flag('-i, --interactive=false', 'Ask before deleting.'),
    flag('--now=false', 'Like --grace-period=1.'),
    flag("-o, --output=''", '"name" for short output.'),
    flag("--raw=''", 'Path to send a DELETE to.'),
    selectorFlag,
    flag('--timeout=0s', 'How long to wait before giving up; 0 lets the object decide.'),
    flag('--wait=true', 'Wait until the objects are gone.'),
  ],
  run,
};
