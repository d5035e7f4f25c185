import { seconds, sleep, type Task } from '../../kernel';
import { resourcePath } from '../api/mapper';
import type { Command, Context } from '../command';
import { CommandError } from '../errors';
import { fieldsAt, isFields, listAt, nameOf, namespaceOf, textAt, withAt, type Fields } from '../fields';
import { containerFlag, flag, fileFlags } from '../flags';
import { twoWayPatch } from '../patching';
import { podMapping } from '../pods/of-target';
import { changeContainers, matchesName } from './set/templates';
import { findContainer, chooseContainer } from '../pods/containers';
import { gatherInfos, type Info } from '../resources/builder';
import { createObject } from '../resources/write';
import { attachTo } from './attach';

const letters = 'bcdfghjklmnpqrstvwxz2456789';

/** Five characters that change from moment to moment. */
function suffix(now: number): string {
  let rest = Math.floor(now / 1000);
  let out = '';
  for (let i = 0; i < 5; i++) {
    out += letters[rest % letters.length];
    rest = Math.floor(rest / letters.length);
  }
  return out;
}

function containerOf({ args, dash, flags }: Context, name: string): Fields {
  const command = dash === undefined ? args.slice(1) : args.slice(dash);
  const env = flags.list('env').map((pair) => ({ name: pair.slice(0, pair.indexOf('=')), value: pair.slice(pair.indexOf('=') + 1) }));
  const policy = flags.string('image-pull-policy');
  return {
    name,
    image: flags.string('image'),
    ...(command.length > 0 && { [flags.bool('arguments-only') ? 'args' : 'command']: command }),
    ...(env.length > 0 && { env }),
    ...(policy !== '' && { imagePullPolicy: policy }),
    resources: {},
    ...(flags.bool('stdin') && { stdin: true }),
    terminationMessagePolicy: 'File',
    ...(flags.bool('tty') && { tty: true }),
  };
}

/** What a profile lets a debugging container do. */
function securityOf(profile: string): Fields {
  switch (profile) {
    case 'general':
      return { securityContext: { capabilities: { add: ['SYS_PTRACE'] } } };
    case 'netadmin':
      return { securityContext: { capabilities: { add: ['NET_ADMIN', 'NET_RAW'] } } };
    case 'sysadmin':
      return { securityContext: { privileged: true } };
    case 'restricted':
      return { securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } } };
    default:
      return {};
  }
}

function* addEphemeral(context: Context, info: Info): Task<{ pod: Fields; container: string }> {
  const { err, flags, session } = context;
  const name = flags.string('container') || `debugger-${suffix(session.host.now())}`;
  if (flags.string('container') === '' && !flags.bool('quiet')) err(`Defaulting debug container name to ${name}.\n`);
  const target = flags.string('target');
  if (target !== '' && !flags.bool('quiet')) err(`Targeting container ${JSON.stringify(target)}. If you don't see processes from this container it may be because the container runtime doesn't support this feature.\n`);
  const added = { ...containerOf(context, name), ...securityOf(flags.string('profile')), ...(target !== '' && { targetContainerName: target }) };
  const after = withAt(info.object, ['spec', 'ephemeralContainers'], [...listAt(info.object, 'spec', 'ephemeralContainers'), added]);
  const { kind, patch } = twoWayPatch(info.mapping, info.object, after);
  const pod = yield* session.rest.object('PATCH', resourcePath(podMapping, info.namespace, info.name, 'ephemeralcontainers'), { body: patch, contentType: kind });
  return { pod, container: name };
}

function strip(container: Fields, flags: Context['flags']): Fields {
  const drop = [...(flags.bool('keep-liveness') ? [] : ['livenessProbe']), ...(flags.bool('keep-readiness') ? [] : ['readinessProbe']), ...(flags.bool('keep-startup') ? [] : ['startupProbe'])];
  return Object.fromEntries(Object.entries(container).filter(([key]) => !drop.includes(key)));
}

function* copyPod(context: Context, info: Info): Task<{ pod: Fields; container: string }> {
  const { args, dash, err, flags, session } = context;
  const spec = { ...fieldsAt(info.object, 'spec') } as Record<string, unknown>;
  if (!flags.bool('same-node')) delete spec['nodeName'];
  if (flags.bool('share-processes')) spec['shareProcessNamespace'] = true;
  delete spec['ephemeralContainers'];
  if (!flags.bool('keep-init-containers')) delete spec['initContainers'];
  const images = new Map(flags.list('set-image').flatMap((text) => text.split(',')).map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
  let object: Fields = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: flags.string('copy-to'), ...(flags.bool('keep-labels') && { labels: fieldsAt(info.object, 'metadata', 'labels') }), ...(flags.bool('keep-annotations') && { annotations: fieldsAt(info.object, 'metadata', 'annotations') }) },
    spec,
  };
  object = changeContainers(object, ['spec'], (container) => {
    const image = images.get('*') ?? images.get(textAt(container, 'name'));
    return { ...strip(container, flags), ...(image !== undefined && { image }) };
  });
  let name = flags.string('container');
  const existing = name === '' ? undefined : findContainer(object, name);
  const command = dash === undefined ? args.slice(1) : args.slice(dash);
  if (existing) {
    object = changeContainers(object, ['spec'], (container) => (matchesName(name, container) ? { ...container, ...(flags.string('image') !== '' && { image: flags.string('image') }), ...(command.length > 0 && { command }), ...(flags.bool('stdin') && { stdin: true }), ...(flags.bool('tty') && { tty: true }) } : container), ['containers']);
  } else if (flags.string('image') !== '') {
    if (name === '') {
      name = `debugger-${suffix(session.host.now())}`;
      if (!flags.bool('quiet')) err(`Defaulting debug container name to ${name}.\n`);
    }
    object = withAt(object, ['spec', 'containers'], [...listAt(object, 'spec', 'containers'), { ...containerOf(context, name), ...securityOf(flags.string('profile')) }]);
  }
  const pod = yield* createObject(context, podMapping, info.namespace, object);
  if (flags.bool('replace')) yield* session.rest.object('DELETE', resourcePath(podMapping, info.namespace, info.name), { body: { kind: 'DeleteOptions', apiVersion: 'v1' } });
  return { pod, container: name === '' ? chooseContainer(context, pod, '', true) : name };
}

function* debugNode(context: Context, info: Info): Task<{ pod: Fields; container: string }> {
  const { err, flags, session } = context;
  const name = `node-debugger-${info.name}-${suffix(session.host.now())}`;
  const profile = flags.string('profile');
  const host = profile === 'restricted' ? {} : { hostIPC: true, hostNetwork: true, hostPID: true };
  const security = profile === 'general' ? {} : securityOf(profile);
  const container: Fields = { ...containerOf(context, flags.string('container') || 'debugger'), ...security, volumeMounts: [{ mountPath: '/host', name: 'host-root' }] };
  const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: { 'app.kubernetes.io/managed-by': 'kubectl-debug' } }, spec: { containers: [container], ...host, nodeName: info.name, restartPolicy: 'Never', tolerations: [{ operator: 'Exists' }], volumes: [{ name: 'host-root', hostPath: { path: '/' } }] } };
  if (!flags.bool('quiet')) err(`Creating debugging pod ${name} with container ${String(container['name'])} on node ${info.name}.\n`);
  return { pod: yield* createObject(context, podMapping, session.namespace, object), container: String(container['name']) };
}

function* attachWhenRunning(context: Context, { container, pod }: { pod: Fields; container: string }): Task<void> {
  const { session } = context;
  for (;;) {
    const found = yield* session.rest.get(resourcePath(podMapping, namespaceOf(pod), nameOf(pod)));
    const status = ['containerStatuses', 'ephemeralContainerStatuses', 'initContainerStatuses'].flatMap((kind) => listAt(found, 'status', kind)).find((one) => textAt(one, 'name') === container);
    const state = fieldsAt(status, 'state');
    if (isFields(state?.['terminated'])) {
      context.out(yield* session.rest.text(`${resourcePath(podMapping, namespaceOf(pod), nameOf(pod), 'log')}?container=${container}`));
      return;
    }
    if (isFields(state?.['running'])) return yield* attachTo(context, found, container);
    yield* sleep(seconds(0.1));
  }
}

/** kubectl debug */
export const debug: Command = {
  name: 'debug',
  short: 'Create debugging sessions for troubleshooting workloads and nodes',
  use: '(POD | TYPE[[.VERSION].GROUP]/NAME) [ -- COMMAND [args...] ]',
  examples: ['kubectl debug -it web --image=busybox:1.37 --target=nginx', 'kubectl debug web --copy-to=web-debug --set-image=*=nginx:1.29', 'kubectl debug -it node/node-1 --image=busybox:1.37'],
  flags: [
    flag('--arguments-only=false', 'The words after -- are arguments, not the command.'),
    flag('--attach=false', 'Attach when it runs; -i sets it.'),
    containerFlag,
    flag("--copy-to=''", 'Make a copy of the pod with this name.'),
    flag("--custom=''", 'File with a partial container.'),
    flag('--env=[]', 'Environment variable name=value.', { kind: 'list' }),
    ...fileFlags('to debug', { kustomize: false }).filter(({ name }) => name === 'filename'),
    flag("--image=''", 'Image of the debugging container.'),
    flag("--image-pull-policy=''", 'Always, IfNotPresent or Never.'),
    flag('--keep-annotations=false', 'Keep annotations in the copy.'),
    flag('--keep-init-containers=true', 'Keep init containers in the copy.'),
    flag('--keep-labels=false', 'Keep labels in the copy.'),
    flag('--keep-liveness=false', 'Keep liveness probes in the copy.'),
    flag('--keep-readiness=false', 'Keep readiness probes in the copy.'),
    flag('--keep-startup=false', 'Keep startup probes in the copy.'),
    flag("--profile='general'", 'legacy, general, baseline, netadmin, restricted or sysadmin.'),
    flag('-q, --quiet=false', 'Say less.'),
    flag('--replace=false', 'Delete the original.'),
    flag('--same-node=false', 'Run the copy on the same node.'),
    flag('--set-image=[]', 'Images of the copy: container=image,….', { kind: 'list' }),
    flag('--share-processes=true', 'Containers of the copy see one another.'),
    flag('-i, --stdin=false', 'Keep stdin open.'),
    flag("--target=''", 'Container whose processes to see.'),
    flag('-t, --tty=false', 'Give the container a terminal.'),
  ],
  *run(context) {
    const { args, dash, flags } = context;
    if (flags.string('image') === '' && flags.string('copy-to') === '') throw new CommandError('you must specify --image when not using --copy-to.');
    const words = dash === undefined ? args : args.slice(0, dash);
    if (words.length === 0 && flags.list('filename').length === 0) throw new CommandError('NAME or TYPE/NAME is required for debug');
    const { errors, infos } = yield* gatherInfos(context, { args: words.map((word) => (word.includes('/') ? word : `pods/${word}`)) });
    if (errors[0] !== undefined) throw errors[0];
    for (const info of infos) {
      const attached = flags.changed('attach') ? flags.bool('attach') : flags.bool('stdin');
      if (info.mapping.kind !== 'Pod' && info.mapping.kind !== 'Node') throw new CommandError(`${JSON.stringify(`${info.mapping.group === '' ? '' : info.mapping.group}/${info.mapping.version}, Kind=${info.mapping.kind}`)} not supported by debug`);
      const made = info.mapping.kind === 'Node' ? yield* debugNode(context, info) : flags.string('copy-to') !== '' ? yield* copyPod(context, info) : yield* addEphemeral(context, info);
      if (attached) yield* attachWhenRunning(context, made);
    }
  },
};
