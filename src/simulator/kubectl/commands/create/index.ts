import type { Command, Context } from '../../command';
import { CommandError, doing, throwAll, UsageError } from '../../errors';
import { dryRunFlag, fieldManagerFlag, fileFlags, flag, printFlags, saveConfigFlag, selectorFlag, validateFlag } from '../../flags';
import { dryRunOf, resultPrinter, type Printer } from '../../print/printer';
import { hasFiles, infosOfFiles, type Info } from '../../resources/builder';
import { createObject, fieldValidation, savedConfig } from '../../resources/write';
import { editThenCreate } from '../edit/created';
import type { Task } from '../../../kernel';
import { configMap, dockerSecret, genericSecret, tlsSecret } from './config';
import { generatorCommand } from './generator';
import { ingress } from './ingress';
import { namespace, podDisruptionBudget, priorityClass, quota, serviceAccount } from './plain';
import { clusterRole, clusterRoleBinding, role, roleBinding } from './rbac';
import { clusterIp, externalName, loadBalancer, nodePort } from './services';
import { token } from './token';
import { cronJob, deployment, job } from './workloads';

function* createOne(context: Context, info: Info, print: Printer): Task<void> {
  const { mapping, namespace: where, source } = info;
  const object = savedConfig(context, info.object);
  if (dryRunOf(context.flags) === 'client') return print(object);
  try {
    print(yield* createObject(context, mapping, where, object));
  } catch (error) {
    throw doing(`error when creating ${JSON.stringify(source)}`, error);
  }
}

function* run(context: Context): Task<void> {
  const { args, flags } = context;
  if (!hasFiles(context)) {
    if (args.length > 0) throw new UsageError(`Unexpected args: [${args.join(' ')}]`);
    throw new CommandError('must specify one of -f and -k');
  }
  if (args.length > 0) throw new UsageError(`Unexpected args: [${args.join(' ')}]`);
  dryRunOf(flags);
  const print = resultPrinter(context, 'created');
  const validated = fieldValidation(context) !== 'Ignore';
  if (flags.bool('edit')) return yield* editThenCreate(context);
  const { infos, errors } = yield* infosOfFiles(context, validated);
  for (const info of infos) {
    try {
      yield* createOne(context, info, print);
    } catch (error) {
      errors.push(error);
    }
  }
  throwAll(errors);
  if (infos.length === 0) throw new CommandError('no objects passed to create');
}

/** kubectl create */
export const create: Command = {
  name: 'create',
  short: 'Create a resource from a file or from stdin',
  use: '-f FILENAME',
  examples: ['# What a file says', 'kubectl create -f pod.yaml', '', '# A deployment without a file', 'kubectl create deployment web --image=nginx:1.29'],
  flags: [
    dryRunFlag,
    flag('--edit=false', 'Edit before creating.'),
    fieldManagerFlag('kubectl-create'),
    ...fileFlags('to create'),
    ...printFlags(),
    flag("--raw=''", 'Path to post the file to.'),
    saveConfigFlag,
    selectorFlag,
    validateFlag,
    flag('--windows-line-endings=false', 'Edit with Windows line endings.'),
  ],
  commands: [
    ...[clusterRole, clusterRoleBinding, configMap, cronJob, deployment, ingress, job, namespace, podDisruptionBudget, priorityClass, quota, role, roleBinding].map(generatorCommand),
    { name: 'secret', short: 'Create a secret using a specified subcommand', use: '(docker-registry | generic | tls)', commands: [dockerSecret, genericSecret, tlsSecret].map(generatorCommand) },
    { name: 'service', aliases: ['svc'], short: 'Create a service using a specified subcommand', commands: [clusterIp, externalName, loadBalancer, nodePort].map(generatorCommand) },
    generatorCommand(serviceAccount),
    token,
  ],
  run,
};
