import { joinAll, parseTime, seconds, sleep, utf8Decode, type Task } from '../../kernel';
import { resourcePath } from '../api/mapper';
import { queryText } from '../api/rest';
import type { Command, Context } from '../command';
import { StatusError } from '../../api';
import { CommandError, isNotFound, UsageError } from '../errors';
import { nameOf, textAt, type Fields } from '../fields';
import { containerFlag, flag, quote, selectorFlag } from '../flags';
import { allContainerNames, chooseContainer } from '../pods/containers';
import { byUse, podMapping, podSelectorOf, podsWith } from '../pods/of-target';
import { parseTargets } from '../resources/builder';
import type { Mapping } from '../api/mapper';

/** One container's log. */
interface Stream {
  readonly pod: Fields;
  readonly container: string;
}

const usage = "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command";

function checkFlags(context: Context): void {
  const { flags, args } = context;
  const selector = flags.string('selector');
  if ((args.length === 0 && selector === '') || (selector === '' && args.length > 2)) throw new UsageError(usage);
  if (selector !== '' && args.length > 0) throw new UsageError('only a selector (-l) or a POD name is allowed');
  if (args.length === 2 && flags.string('container') !== '') throw new UsageError('only one of -c or an inline [CONTAINER] arg is allowed');
  if (flags.changed('since') && flags.changed('since-time')) throw new CommandError('at most one of `sinceTime` or `sinceSeconds` may be specified');
  if (flags.changed('since-time') && parseTime(flags.string('since-time')) === undefined) throw new CommandError(`parsing time ${quote(flags.string('since-time'))} as "2006-01-02T15:04:05Z07:00": cannot parse ${quote(flags.string('since-time'))} as "2006"`);
  if (flags.number('tail') < -1) throw new CommandError('--tail must be greater than or equal to -1');
  if (flags.number('since') < 0) throw new CommandError('--since must be greater than 0');
  if (flags.number('limit-bytes') < 0) throw new CommandError('--limit-bytes must be greater than 0');
}

function logUrl({ flags, session }: Context, { pod, container }: Stream): string {
  const tail = flags.number('tail') >= 0 ? flags.number('tail') : flags.string('selector') !== '' && !flags.bool('follow') && !flags.changed('tail') ? 10 : undefined;
  return `${resourcePath(podMapping, textAt(pod, 'metadata', 'namespace') || session.namespace, nameOf(pod), 'log')}${queryText({
    container,
    follow: flags.bool('follow'),
    previous: flags.bool('previous'),
    timestamps: flags.bool('timestamps'),
    insecureSkipTLSVerifyBackend: flags.bool('insecure-skip-tls-verify-backend'),
    sinceSeconds: flags.number('since') > 0 ? Math.ceil(flags.number('since')) : undefined,
    sinceTime: flags.string('since-time'),
    tailLines: tail,
    limitBytes: flags.number('limit-bytes') > 0 ? flags.number('limit-bytes') : undefined,
  })}`;
}

const streamsOf = (pod: Fields): Stream[] => allContainerNames(pod).map((container) => ({ pod, container }));

function* podsOfWord(context: Context, word: string): Task<{ pods: Fields[] }> {
  const { err, flags, session } = context;
  try {
    if (!word.includes('/')) return { pods: [yield* session.rest.get(resourcePath(podMapping, session.namespace, word))] };
    const [target] = parseTargets(yield* session.mapper(), [word]);
    const { mapping, name = '' } = target as { mapping: Mapping; name: string | undefined };
    const object = yield* session.rest.get(resourcePath(mapping, session.namespace, name));
    if (mapping.kind === 'Pod') return { pods: [object] };
    const selector = podSelectorOf(object, mapping, 'get the logs from');
    const end = session.host.now() + seconds(flags.number('pod-running-timeout'));
    let found = yield* podsWith(context, selector);
    while (found.length === 0) {
      if (session.host.now() >= end) throw new CommandError('timed out waiting for the condition');
      yield* sleep(seconds(0.5));
      found = yield* podsWith(context, selector);
    }
    if (flags.bool('all-pods')) return { pods: [...found] };
    const [first] = [...found].sort(byUse) as [Fields];
    if (found.length > 1) err(`Found ${found.length} pods, using pod/${nameOf(first)}\n`);
    return { pods: [first] };
  } catch (error) {
    if (error instanceof StatusError && isNotFound(error)) throw new CommandError(`error from server (NotFound): ${error.message} in namespace ${JSON.stringify(session.namespace)}`);
    throw error;
  }
}

function* findStreams(context: Context): Task<Stream[]> {
  const { args, flags, session } = context;
  const selector = flags.string('selector');
  const all = flags.bool('all-containers');
  const wanted = flags.string('container') || (args[1] ?? '');
  if (selector !== '') {
    const pods = yield* podsWith(context, selector);
    if (pods.length === 0) context.err(`No resources found in ${session.namespace} namespace.\n`);
    return pods.flatMap((pod) => (all ? streamsOf(pod) : [{ pod, container: chooseContainer(context, pod, wanted) }]));
  }
  const { pods } = yield* podsOfWord(context, args[0] as string);
  return pods.flatMap((pod) => (all ? streamsOf(pod) : [{ pod, container: chooseContainer(context, pod, wanted) }]));
}

/** Writes what comes, each line behind the prefix. */
function lineWriter(out: (text: string) => void, prefix: string): (text: string) => void {
  if (prefix === '') return out;
  let atStart = true;
  return (text) => {
    let shown = '';
    for (const line of text.split(/(?<=\n)/)) {
      shown += (atStart ? prefix : '') + line;
      atStart = line.endsWith('\n');
    }
    out(shown);
  };
}

function prefixOf({ flags }: Context, { pod, container }: Stream): string {
  return flags.bool('prefix') ? `[pod/${nameOf(pod)}/${container}] ` : '';
}

function* printStream(context: Context, stream: Stream): Task<void> {
  const write = lineWriter(context.out, prefixOf(context, stream));
  try {
    const response = yield* context.session.rest.request('GET', logUrl(context, stream), { accept: '*/*' });
    if (response.text !== undefined) return write(response.text);
    if (!response.stream) return;
    try {
      for (let data = yield* response.stream.receive(); data; data = yield* response.stream.receive()) write(utf8Decode(data));
    } finally {
      response.stream.close();
    }
  } catch (error) {
    if (!context.flags.bool('ignore-errors')) throw error;
    context.out(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}

function* run(context: Context): Task<void> {
  const { flags, session } = context;
  checkFlags(context);
  if (flags.bool('all-pods')) flags.preset('prefix', true);
  const streams = yield* findStreams(context);
  const follow = flags.bool('follow');
  const most = flags.number('max-log-requests');
  if (follow && streams.length > 1) {
    if (streams.length > most) throw new CommandError(`you are attempting to follow ${streams.length} log streams, but maximum allowed concurrency is ${most}, use --max-log-requests to increase the limit`);
    yield* joinAll(streams.map((stream) => session.host.spawn(`kubectl logs ${stream.container}`, printStream(context, stream))));
    return;
  }
  for (const stream of streams) yield* printStream(context, stream);
}

/** kubectl logs */
export const logs: Command = {
  name: 'logs',
  short: 'Print the logs for a container in a pod',
  use: '[-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]',
  examples: ['# The last lines of a pod, and what follows', 'kubectl logs web --tail=20 -f', '', '# Every container of every pod with a label', 'kubectl logs -l app=web --all-containers --prefix'],
  flags: [
    flag('--all-containers=false', 'Logs of all containers.'),
    flag('--all-pods=false', 'Logs of all pods of the resource; sets --prefix.'),
    containerFlag,
    flag('-f, --follow=false', 'Go on with what is logged from now on.'),
    flag('--ignore-errors=false', 'With -f: go on when a stream fails.'),
    flag('--insecure-skip-tls-verify-backend=false', "Do not check the kubelet's certificate."),
    flag('--limit-bytes=0', 'At most this many bytes; 0 is all.', { bits: 64 }),
    flag('--max-log-requests=5', 'How many logs to follow at once with a selector.', { bits: 64 }),
    flag('--pod-running-timeout=20s', 'How long to wait for a pod.'),
    flag('--prefix=false', 'Put pod and container before each line.'),
    flag('-p, --previous=false', "Logs of the container's instance before this one."),
    selectorFlag,
    flag('--since=0s', 'Only what is younger than 5s, 2m, 3h.'),
    flag("--since-time=''", 'Only what is younger than this RFC 3339 time.'),
    flag('--tail=-1', 'Only this many last lines; -1 is all, 10 with a selector.', { bits: 64 }),
    flag('--timestamps=false', 'Put the time before each line.'),
  ],
  run,
};
