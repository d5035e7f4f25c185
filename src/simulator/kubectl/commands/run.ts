import { parseApiVersion, StatusError } from '../../api';
import { seconds, sleep, type Task } from '../../kernel';
import { resourcePath } from '../api/mapper';
import type { Command, Context } from '../command';
import { CommandError, ExitError, UsageError } from '../errors';
import { isFields, listAt, nameOf, numberAt, textAt, type Fields } from '../fields';
import { cascadeFlag, dryRunFlag, fieldManagerFlag, fileFlags, flag, gracePeriodFlag, printFlags, quote, saveConfigFlag } from '../flags';
import { chooseContainer } from '../pods/containers';
import { podMapping } from '../pods/of-target';
import { overridden } from '../patching';
import { dryRunOf, resultPrinter, type Printer } from '../print/printer';
import { asTyped } from '../print/typed';
import { createObject, savedConfig } from '../resources/write';
import { attachTo } from './attach';
import { deletedText, deleteObject, propagationOf } from './delete';

const imageForm = /^(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][-a-zA-Z0-9]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][-a-zA-Z0-9]*[a-zA-Z0-9]))*(?::\d+)?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*(?::[\w][\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?$/;

function pairsOf(items: readonly string[], refusal: string): Fields {
  const out: Record<string, string> = {};
  for (const item of items) {
    const equals = item.indexOf('=');
    if (equals <= 0) throw new CommandError(`${refusal}: ${item}`);
    out[item.slice(0, equals)] = item.slice(equals + 1);
  }
  return out;
}

function checkFlags(context: Context): void {
  const { args, dash, flags } = context;
  const image = flags.string('image');
  if (args.length === 0 || dash === 0) throw new UsageError('NAME is required for run');
  if (!imageForm.test(image)) throw new CommandError(`Invalid image name ${quote(image)}: invalid reference format`);
  if (flags.bool('tty') && !flags.bool('stdin')) throw new UsageError('-i/--stdin is required for containers with -t/--tty=true');
  if (flags.bool('expose') && flags.string('port') === '') throw new UsageError('--port must be set when exposing a service');
  const attached = flags.changed('attach') ? flags.bool('attach') : flags.bool('stdin');
  if (flags.bool('rm') && !attached) throw new UsageError('--rm should only be used for attached containers');
  if (attached && dryRunOf(flags) !== 'none') throw new UsageError("--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)");
  if (!['Always', 'OnFailure', 'Never'].includes(flags.string('restart'))) throw new UsageError(`invalid restart policy: ${flags.string('restart')}`);
  if (!['', 'Always', 'IfNotPresent', 'Never'].includes(flags.string('image-pull-policy'))) throw new UsageError(`invalid image pull policy: ${flags.string('image-pull-policy')}`);
}

function envOf(items: readonly string[]): Fields[] {
  return items.map((item) => {
    const equals = item.indexOf('=');
    const [name, value] = [item.slice(0, equals), item.slice(equals + 1)];
    if (equals <= 0) throw new CommandError(`invalid env: ${item}`);
    return value === '' ? { name } : { name, value };
  });
}

function podOf(context: Context): Fields {
  const { args, flags } = context;
  const name = args[0] as string;
  const words = args.slice(1);
  const env = envOf(flags.list('env'));
  const port = flags.string('port');
  if (port !== '' && !/^[+-]?\d+$/.test(port)) throw new CommandError(`strconv.Atoi: parsing ${quote(port)}: invalid syntax`);
  const labels = flags.string('labels') === '' ? { run: name } : pairsOf(flags.string('labels').split(','), 'unexpected label spec');
  const annotations = pairsOf(flags.list('annotations'), 'invalid annotations format');
  const policy = flags.string('image-pull-policy');
  const container = {
    name,
    image: flags.string('image'),
    ...(words.length > 0 && { [flags.bool('command') ? 'command' : 'args']: words }),
    ...(port !== '' && { ports: [{ containerPort: Number(port) }] }),
    ...(env.length > 0 && { env }),
    resources: {},
    ...(policy !== '' && { imagePullPolicy: policy }),
    ...(flags.bool('privileged') && { securityContext: { privileged: true } }),
    ...(flags.bool('stdin') && { stdin: true, ...(!flags.bool('leave-stdin-open') && { stdinOnce: true }) }),
    ...(flags.bool('tty') && { tty: true }),
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels, ...(Object.keys(annotations).length > 0 && { annotations }) },
    spec: { containers: [container], dnsPolicy: 'ClusterFirst', restartPolicy: flags.string('restart') },
    status: {},
  };
}

function serviceOf(pod: Fields, port: number): Fields {
  const selector = (pod['metadata'] as Fields)['labels'];
  return { apiVersion: 'v1', kind: 'Service', metadata: { name: nameOf(pod) }, spec: { ports: [{ port, protocol: 'TCP', targetPort: port }], selector }, status: { loadBalancer: {} } };
}

function* createOrShow(context: Context, object: Fields, print: Printer, quiet = false): Task<Fields> {
  const { flags, session } = context;
  const placed = session.namespaceGiven ? { ...object, metadata: { ...(object['metadata'] as Fields), namespace: session.namespace } } : object;
  const typed = savedConfig(context, asTyped(placed));
  if (dryRunOf(flags) === 'client') {
    print(asTyped(typed));
    return typed;
  }
  const { group, version } = parseApiVersion(textAt(object, 'apiVersion'));
  const kind = textAt(object, 'kind');
  const created = asTyped(yield* createObject(context, { ...podMapping, group, version, kind, resource: `${kind.toLowerCase()}s` }, session.namespace, typed));
  if (!quiet) print(created);
  return created;
}

const ended = (pod: Fields): boolean => ['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase'));
const started = (pod: Fields, container: string): boolean => listAt(pod, 'status', 'containerStatuses').some((one) => textAt(one, 'name') === container && isFields((one['state'] as Fields | undefined)?.['running']));

function* waitPod(context: Context, name: string, done: (pod: Fields) => boolean, timeout: number): Task<Fields> {
  const { session } = context;
  const end = session.host.now() + seconds(timeout);
  for (;;) {
    const pod = yield* session.rest.get(resourcePath(podMapping, session.namespace, name));
    if (done(pod)) return pod;
    if (session.host.now() >= end) throw new CommandError(`timed out waiting for the condition`);
    yield* sleep(seconds(0.1));
  }
}

function* attachAndFinish(context: Context, created: Fields): Task<void> {
  const { err, flags, session } = context;
  const name = nameOf(created);
  const timeout = flags.number('pod-running-timeout');
  const container = chooseContainer(context, created, '', true);
  try {
    const pod = yield* waitPod(context, name, (one) => ended(one) || started(one, container), timeout);
    if (ended(pod)) context.out(yield* session.rest.text(`${resourcePath(podMapping, session.namespace, name, 'log')}?container=${container}`));
    else yield* attachTo(context, pod, container);
    if (flags.string('restart') === 'Always' && !flags.bool('leave-stdin-open')) return;
    const last = yield* waitPod(context, name, ended, timeout);
    const status = listAt(last, 'status', 'containerStatuses').find((one) => textAt(one, 'name') === container);
    const code = numberAt(status, 'state', 'terminated', 'exitCode');
    if (textAt(last, 'status', 'phase') === 'Failed' || code !== 0) {
      err(`pod ${session.namespace}/${name} terminated (${textAt(status, 'state', 'terminated', 'reason') || textAt(last, 'status', 'reason')})\n`);
      const message = textAt(status, 'state', 'terminated', 'message');
      if (message !== '') err(`${message}\n`);
      throw new ExitError(code === 0 ? 1 : code);
    }
  } finally {
    if (flags.bool('rm')) session.host.spawn('kubectl run --rm', removePod(context, name));
  }
}

function* removePod(context: Context, name: string): Task<void> {
  const { flags, session } = context;
  const info = { mapping: podMapping, namespace: session.namespace, name };
  try {
    yield* deleteObject(context, info, { gracePeriod: flags.number('grace-period'), propagation: propagationOf(context) });
    if (!flags.bool('quiet')) context.out(deletedText(context, info, false));
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
  }
}

function* run(context: Context): Task<void> {
  const { flags } = context;
  checkFlags(context);
  const print = resultPrinter(context, 'created');
  const attached = flags.changed('attach') ? flags.bool('attach') : flags.bool('stdin');
  const override = flags.string('overrides');
  const plain = podOf(context);
  const pod = override === '' ? plain : overridden(plain, override, flags.string('override-type'), podMapping);
  const dry = dryRunOf(flags) === 'client';
  const service = flags.bool('expose') ? serviceOf(plain, Number(flags.string('port'))) : undefined;
  if (service) {
    yield* createOrShow(context, service, print);
    if (dry && flags.string('output') === 'yaml') context.out('---\n');
  }
  const created = yield* createOrShow(context, pod, print, attached);
  if (attached) yield* attachAndFinish(context, created);
}

/** kubectl run */
export const runCommand: Command = {
  name: 'run',
  short: 'Run a particular image on the cluster',
  use: 'NAME --image=image [--env="key=value"] [--port=port] [--dry-run=server|client] [--overrides=inline-json] [--command] -- [COMMAND] [args...]',
  examples: ['# A web server', 'kubectl run web --image=nginx:1.29 --port=80', '', '# A shell that is gone when you leave it', 'kubectl run -it --rm box --image=busybox:1.37 --restart=Never -- sh'],
  flags: [
    flag('--annotations=[]', 'Annotation key=value; may be repeated.', { kind: 'list' }),
    flag('--attach=false', 'Wait for the pod to run, then attach; -i sets it.'),
    cascadeFlag,
    flag('--command=false', 'The words after -- are the command, not its arguments.'),
    dryRunFlag,
    flag('--env=[]', 'Environment variable name=value; may be repeated.', { kind: 'list' }),
    flag('--expose=false', 'Make a service for the port too.'),
    fieldManagerFlag('kubectl-run'),
    ...fileFlags('to delete'),
    flag('--force=false', 'Remove from the API at once, without a graceful end.'),
    gracePeriodFlag,
    flag("--image=''", 'Image to run.', { required: true }),
    flag("--image-pull-policy=''", 'Always, IfNotPresent or Never.'),
    flag("-l, --labels=''", 'Labels key=value,… of the pod.'),
    flag('--leave-stdin-open=false', 'Keep stdin open after the first attach.'),
    ...printFlags(),
    flag("--override-type='merge'", 'How --overrides is applied: json, merge, strategic.'),
    flag("--overrides=''", 'JSON that overrides what is made.'),
    flag('--pod-running-timeout=1m0s', 'How long to wait for the pod.'),
    flag("--port=''", 'Port that the container exposes.'),
    flag('--privileged=false', 'Run the container privileged.'),
    flag('-q, --quiet=false', 'Only print what the container prints.'),
    flag("--restart='Always'", 'Always, OnFailure or Never.'),
    flag('--rm=false', 'Delete the pod afterwards.'),
    saveConfigFlag,
    flag('-i, --stdin=false', 'Keep stdin open.'),
    flag('--timeout=0s', 'How long to wait for a deletion.'),
    flag('-t, --tty=false', 'Give the container a terminal.'),
    flag('--wait=false', 'Wait until the objects are gone.'),
  ],
  run,
};
