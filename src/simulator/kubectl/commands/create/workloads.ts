import type { Task } from '../../../kernel';
import { resourcePath } from '../../api/mapper';
import type { Context } from '../../command';
import { CommandError } from '../../errors';
import { at, fieldsAt, nameOf, textAt, type Fields } from '../../fields';
import { flag } from '../../flags';
import { parseTargets } from '../../resources/builder';
import { named, type Generator } from './generator';

/** The words after `--`, or those after the name. */
const commandWords = ({ args, dash }: Context): readonly string[] => (dash === undefined ? args.slice(1) : args.slice(dash));

/** A container's name from its image: nginx of docker.io/library/nginx:1.29@sha256:… */
export function imageBase(image: string): string {
  const last = image.slice(image.lastIndexOf('/') + 1);
  return last.replace(/[:@].*$/, '');
}

function deploymentContainers({ flags }: Context, command: readonly string[]): Fields[] {
  const images = flags.list('image');
  if (images.length > 1 && command.length > 0) throw new CommandError('cannot specify multiple --image options and command');
  return images.map((image) => {
    const name = imageBase(image).replaceAll('_', '-').toLowerCase();
    return { name, image, ...(command.length > 0 && { command: [...command] }), resources: {} };
  });
}

/** kubectl create deployment */
export const deployment: Generator = {
  name: 'deployment',
  aliases: ['deploy'],
  use: 'NAME --image=image -- [COMMAND] [args...]',
  short: 'Create a deployment with the specified name',
  examples: ['# Three web servers', 'kubectl create deployment web --image=nginx:1.29 --replicas=3'],
  flags: [flag('--image=[]', 'Image; may be repeated.', { kind: 'commaList', required: true }), flag('--port=-1', 'Port that the container exposes.', { bits: 32 }), flag('-r, --replicas=1', 'How many Pods.', { bits: 32 })],
  place: { group: 'apps', version: 'v1', resource: 'deployments', kind: 'Deployment', namespaced: true },
  failure: 'failed to create deployment: ',
  *make(context, name) {
    const { flags } = context;
    if (flags.number('replicas') < 0) throw new CommandError('negative replicas are not allowed');
    const labels = { app: name };
    const port = flags.number('port');
    const containers = deploymentContainers(context, commandWords(context)).map((container, index) => {
      if (index > 0 || port < 0) return container;
      const { resources, ...rest } = container;
      return { ...rest, ports: [{ containerPort: port }], resources };
    });
    return {
      ...named('apps/v1', 'Deployment', name, labels),
      spec: { replicas: flags.number('replicas'), selector: { matchLabels: labels }, strategy: {}, template: { metadata: { labels }, spec: { containers } } },
      status: {},
    };
  },
};

function jobTemplate(context: Context, name: string, restart: string): Fields {
  const command = commandWords(context);
  const container = { name, image: context.flags.string('image'), ...(command.length > 0 && { command: [...command] }), resources: {} };
  return { metadata: {}, spec: { containers: [container], restartPolicy: restart } };
}

function* jobFrom(context: Context, name: string): Task<Fields> {
  const { flags, session } = context;
  const mapper = yield* session.mapper();
  const from = flags.string('from');
  const [target] = parseTargets(mapper, [from]);
  if (!target || target.name === undefined) throw new CommandError('from must be an existing cronjob');
  const source = yield* session.rest.get(resourcePath(target.mapping, session.namespace, target.name));
  if (target.mapping.kind !== 'CronJob') throw new CommandError(`unknown object type *v1.${target.mapping.kind}`);
  const template = fieldsAt(source, 'spec', 'jobTemplate');
  const annotations = { 'cronjob.kubernetes.io/instantiate': 'manual', ...fieldsAt(template, 'metadata', 'annotations') };
  const labels = fieldsAt(template, 'metadata', 'labels');
  const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name: nameOf(source), uid: textAt(source, 'metadata', 'uid'), controller: true };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name, annotations, ...(labels && { labels }), ownerReferences: [owner] }, spec: at(template, 'spec'), status: {} };
}

/** kubectl create job */
export const job: Generator = {
  name: 'job',
  use: 'NAME --image=image [--from=cronjob/name] -- [COMMAND] [args...]',
  short: 'Create a job with the specified name',
  flags: [flag("--from=''", 'The cron job to make a job of: cronjob/name.'), flag("--image=''", 'Image to run.')],
  place: { group: 'batch', version: 'v1', resource: 'jobs', kind: 'Job', namespaced: true },
  failure: 'failed to create job: ',
  *make(context, name) {
    const { flags } = context;
    if ((flags.string('image') === '') === (flags.string('from') === '')) throw new CommandError('either --image or --from must be specified');
    if (flags.string('from') !== '') {
      if (commandWords(context).length > 0) throw new CommandError('cannot specify --from and command');
      return yield* jobFrom(context, name);
    }
    return { ...named('batch/v1', 'Job', name), spec: { template: jobTemplate(context, name, 'Never') }, status: {} };
  },
};

/** kubectl create cronjob */
export const cronJob: Generator = {
  name: 'cronjob',
  aliases: ['cj'],
  use: "NAME --image=image --schedule='0/5 * * * ?' -- [COMMAND] [args...] [flags]",
  short: 'Create a cron job with the specified name',
  flags: [flag("--image=''", 'Image to run.', { required: true }), flag("--restart=''", 'Restart policy: OnFailure, Never.'), flag("--schedule=''", 'Schedule in cron format.', { required: true })],
  place: { group: 'batch', version: 'v1', resource: 'cronjobs', kind: 'CronJob', namespaced: true },
  failure: 'failed to create cronjob: ',
  *make(context, name) {
    const { flags } = context;
    const template = jobTemplate(context, name, flags.string('restart') || 'OnFailure');
    return { ...named('batch/v1', 'CronJob', name), spec: { jobTemplate: { metadata: { name }, spec: { template } }, schedule: flags.string('schedule') }, status: {} };
  },
};
