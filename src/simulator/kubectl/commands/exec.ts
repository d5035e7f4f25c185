import type { Task } from '../../kernel';
import { resourcePath } from '../api/mapper';
import { queryText } from '../api/rest';
import type { Command, Context } from '../command';
import { CommandError, UsageError } from '../errors';
import { nameOf, namespaceOf, textAt, type Fields } from '../fields';
import { containerFlag, fileFlags, flag } from '../flags';
import { chooseContainer } from '../pods/containers';
import { podMapping, podOfTarget } from '../pods/of-target';
import { followStream, openStream, type StreamOptions } from '../pods/stream';
import { hasFiles, infosOfFiles } from '../resources/builder';

/** --tty, unless stdin is not passed on or is no terminal (then it says so): it goes on without. */
export function usableTty({ err, flags, session }: Context): boolean {
  if (!flags.bool('tty') || !flags.bool('stdin')) return false;
  if (session.host.stdin.isTerminal && session.host.terminal) return true;
  err('Unable to use a TTY - input is not a terminal or the right kind of file\n');
  return false;
}

/** Where exec of a container is asked for. */
export function execUrl(pod: Fields, container: string, command: readonly string[], { stdin, tty }: StreamOptions): string {
  const words = command.map((word) => `&command=${encodeURIComponent(word)}`).join('');
  return `${resourcePath(podMapping, namespaceOf(pod), nameOf(pod), 'exec')}${queryText({ container, stdin, stdout: true, stderr: !tty, tty })}${words}`;
}

/** The pod that can be entered; throws for one that has ended. */
export function assertRunning(pod: Fields): void {
  const phase = textAt(pod, 'status', 'phase');
  if (phase === 'Succeeded' || phase === 'Failed') throw new CommandError(`cannot exec into a container in a completed pod; current phase is ${phase}`);
}

function* run(context: Context): Task<void> {
  const { args, dash, flags } = context;
  const fromFile = hasFiles(context);
  if (args.length === 0 && !fromFile) throw new CommandError('pod, type/name or --filename must be specified');
  if (dash === undefined && args.length > 1) throw new UsageError('exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead');
  const command = dash === undefined ? [] : args.slice(dash);
  if (dash === 0 && !fromFile) throw new CommandError('pod, type/name or --filename must be specified');
  if (command.length === 0) throw new CommandError('you must specify at least one command for the container');
  let word = args[0] as string;
  if (fromFile) {
    const { infos, errors } = yield* infosOfFiles(context, false);
    if (errors[0] !== undefined) throw errors[0];
    const [info] = infos;
    if (!info) throw new CommandError('pod, type/name or --filename must be specified');
    word = `${info.mapping.resource}/${info.name}`;
  }
  const pod = yield* podOfTarget(context, word);
  assertRunning(pod);
  const container = chooseContainer(context, pod, flags.string('container'), flags.bool('quiet'));
  const options = { stdin: flags.bool('stdin'), tty: usableTty(context) };
  yield* followStream(context, yield* openStream(context, execUrl(pod, container, command, options)), options);
}

/** kubectl exec */
export const exec: Command = {
  name: 'exec',
  short: 'Execute a command in a container',
  use: '(POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...]',
  examples: ['# A shell', 'kubectl exec -it web -- sh', '', '# One command in a container of choice', 'kubectl exec web -c log -- cat /var/log/app.log'],
  flags: [
    containerFlag,
    ...fileFlags('to execute in', { kustomize: false }).filter(({ name }) => name === 'filename'),
    flag('--pod-running-timeout=1m0s', 'How long to wait for a pod.'),
    flag('-q, --quiet=false', 'Only print what the command prints.'),
    flag('-i, --stdin=false', 'Pass stdin to the container.'),
    flag('-t, --tty=false', 'stdin is a terminal.'),
  ],
  run,
};
