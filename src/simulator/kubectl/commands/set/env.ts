import { utf8Decode, type Task } from '../../../kernel';
import { resourcePath } from '../../api/mapper';
import type { Command, Context } from '../../command';
import { CommandError } from '../../errors';
import { fieldsAt, listAt, textAt, type Fields } from '../../fields';
import { flag } from '../../flags';
import { hasFiles, parseTargets, type Info } from '../../resources/builder';
import { readAll } from '../../resources/read-files';
import { envLines } from '../create/data';
import { changeContainers, matchesName, podSpecPath } from './templates';
import { setFlags, setInfos, splitPairs, updateEach, withoutTemplate } from './update';

/** kubectl's spelling of keys that become variables. */
const variableName = (key: string): string => key.toUpperCase().replace(/[^A-Z0-9_]/g, '_');

function* fromSource(context: Context): Task<Fields[]> {
  const { flags, session } = context;
  const from = flags.string('from');
  if (from === '') return [];
  const [target] = parseTargets(yield* session.mapper(), [from]);
  const { mapping, name } = target ?? {};
  if (!mapping || name === undefined) throw new CommandError('from must be a resource in the form resource/name');
  const source = yield* session.rest.get(resourcePath(mapping, session.namespace, name));
  if (mapping.kind !== 'ConfigMap' && mapping.kind !== 'Secret') throw new CommandError(`unsupported resource specified in --from`);
  const reference = mapping.kind === 'ConfigMap' ? 'configMapKeyRef' : 'secretKeyRef';
  const keys = flags.list('keys');
  return Object.keys(fieldsAt(source, 'data') ?? {})
    .sort()
    .filter((key) => keys.length === 0 || keys.includes(key))
    .map((key) => {
      const variable = `${flags.string('prefix')}${variableName(key)}`;
      if (variableName(key) !== key) context.err(`Warning: key ${key} transferred to ${variableName(key)}\n`);
      return { name: variable, valueFrom: { [reference]: { key, name } } };
    });
}

function listedValue(variable: Fields): string {
  const name = textAt(variable, 'name');
  const from = fieldsAt(variable, 'valueFrom');
  if (!from) return `${name}=${textAt(variable, 'value')}`;
  const config = fieldsAt(from, 'configMapKeyRef');
  if (config) return `# ${name} from configmap ${textAt(config, 'name')}, key ${textAt(config, 'key')}`;
  const secret = fieldsAt(from, 'secretKeyRef');
  if (secret) return `# ${name} from secret ${textAt(secret, 'name')}, key ${textAt(secret, 'key')}`;
  const field = fieldsAt(from, 'fieldRef');
  if (field) return `# ${name} from field path ${textAt(field, 'fieldPath')}`;
  return `# ${name} from resource field ${textAt(from, 'resourceFieldRef', 'resource')}`;
}

function list(context: Context, info: Info, path: readonly string[]): void {
  const pattern = context.flags.string('containers');
  for (const kind of ['containers', 'initContainers']) {
    for (const container of listAt(info.object, ...path, kind).filter((one) => matchesName(pattern, one))) {
      context.out(`# ${info.mapping.kind} ${info.name}, container ${textAt(container, 'name')}\n`);
      for (const variable of listAt(container, 'env')) context.out(`${listedValue(variable)}\n`);
    }
  }
}

/** A container's variables with some set and some taken away. */
function mergedEnv(container: Fields, set: readonly Fields[], remove: readonly string[]): Fields {
  const kept = listAt(container, 'env').filter((one) => !remove.includes(textAt(one, 'name')));
  const env = [...kept];
  for (const variable of set) {
    const index = env.findIndex((one) => one['name'] === variable['name']);
    if (index < 0) env.push(variable);
    else env[index] = variable;
  }
  const { env: before, ...rest } = container;
  void before;
  return env.length === 0 ? rest : { ...rest, env };
}

/** kubectl set env */
export const env: Command = {
  name: 'env',
  short: 'Update environment variables on a pod template',
  use: 'RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N',
  flags: [
    ...setFlags,
    flag("-c, --containers='*'", 'Names of the containers to change; * matches anything.'),
    flag('-e, --env=[]', 'Variable key=value; may be repeated.', { kind: 'list' }),
    flag("--from=''", 'Config map or secret to take variables from.'),
    flag('--keys=[]', 'Which keys of it.', { kind: 'commaList' }),
    flag('--list=false', 'Show the variables.'),
    flag('--overwrite=true', 'Replace variables that are there.'),
    flag("--prefix=''", 'What to put before the names of --from.'),
    flag('--resolve=false', 'With --list: look up values of references.'),
  ],
  *run(context) {
    const { args, flags, session } = context;
    const { pairs, resources } = splitPairs(args.filter((word) => word !== '-'));
    if (resources.length === 0 && !hasFiles(context)) throw new CommandError('one or more resources must be specified as <resource> <name> or <resource>/<name>');
    const words = [...pairs, ...flags.list('env')];
    const set: Fields[] = [...(yield* fromSource(context))];
    const remove: string[] = [];
    if (args.includes('-')) for (const [name, value] of envLines(utf8Decode(yield* readAll(session.host.stdin)), session.host.env)) set.push({ name, value });
    for (const word of words) {
      const equals = word.indexOf('=');
      if (equals > 0) set.push({ name: word.slice(0, equals), value: word.slice(equals + 1) });
      else if (word.endsWith('-')) remove.push(word.slice(0, -1));
      else throw new CommandError(`environment variables must be of the form key=value`);
    }
    const infos = yield* setInfos(context, resources);
    const pathOf = (info: Info) => {
      const path = podSpecPath(info.mapping);
      if (!path) throw withoutTemplate(info);
      return path;
    };
    if (flags.bool('list')) {
      for (const info of infos) list(context, info, pathOf(info));
      return;
    }
    yield* updateEach(context, infos, 'env updated', (info) => {
      const pattern = flags.string('containers');
      return changeContainers(info.object, pathOf(info), (container) => {
        if (!matchesName(pattern, container)) return container;
        if (!flags.bool('overwrite')) {
          const taken = set.find((one) => listAt(container, 'env').some((known) => known['name'] === one['name']));
          if (taken) throw new CommandError(`'${textAt(taken, 'name')}' already has a value (${textAt(listAt(container, 'env').find((known) => known['name'] === taken['name']), 'value')}), and --overwrite is false`);
        }
        return mergedEnv(container, set, remove);
      });
    });
  },
};
