import { type Task } from '../../kernel';
import { resourcePath } from '../api/mapper';
import { queryText } from '../api/rest';
import type { Command, Context } from '../command';
import { CommandError } from '../errors';
import { at, nameOf, namespaceOf, textAt, type Fields } from '../fields';
import { containerFlag, flag } from '../flags';
import { chooseContainer, findContainer } from '../pods/containers';
import { podMapping, podOfTarget } from '../pods/of-target';
import { followStream, openStream } from '../pods/stream';
import { usableTty } from './exec';

/** Joins a running container's process 1. */
export function* attachTo(context: Context, pod: Fields, container: string): Task<void> {
  const { err, flags } = context;
  const spec = findContainer(pod, container);
  const stdin = flags.bool('stdin');
  let tty = usableTty(context);
  if (tty && at(spec, 'tty') !== true) {
    if (!flags.bool('quiet')) err(`error: Unable to use a TTY - container ${container} did not allocate one\n`);
    tty = false;
  } else if (!tty && at(spec, 'tty') === true && stdin && flags.bool('tty')) tty = true;
  if (!flags.bool('quiet')) {
    err('All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.\n');
    err("If you don't see a command prompt, try pressing enter.\n");
  }
  const query = queryText({ container, stdin, stdout: true, stderr: !tty, tty });
  yield* followStream(context, yield* openStream(context, `${resourcePath(podMapping, namespaceOf(pod), nameOf(pod), 'attach')}${query}`), { stdin, tty });
}

function* run(context: Context): Task<void> {
  const { args, flags } = context;
  if (args.length === 0) throw new CommandError('at least 1 argument is required for attach');
  if (args.length > 2) throw new CommandError(`expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw ${args.length}: [${args.join(' ')}]`);
  const pod = yield* podOfTarget(context, args.length === 2 ? `${args[0]}/${args[1]}` : (args[0] as string));
  const phase = textAt(pod, 'status', 'phase');
  if (phase === 'Succeeded' || phase === 'Failed') throw new CommandError(`cannot attach a container in a completed pod; current phase is ${phase}`);
  yield* attachTo(context, pod, chooseContainer(context, pod, flags.string('container'), flags.bool('quiet')));
}

/** kubectl attach */
export const attach: Command = {
  name: 'attach',
  short: 'Attach to a running container',
  use: '(POD | TYPE/NAME) -c CONTAINER',
  flags: [
    containerFlag,
    flag("--detach-keys='ctrl-p,ctrl-q'", 'Keys that leave the container.'),
    flag('--pod-running-timeout=1m0s', 'How long to wait for a pod.'),
    flag('-q, --quiet=false', 'Only print what the container prints.'),
    flag('-i, --stdin=false', 'Pass stdin to the container.'),
    flag('-t, --tty=false', 'stdin is a terminal.'),
  ],
  run,
};
