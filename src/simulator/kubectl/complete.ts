import { StatusError } from '../api';
import type { Task } from '../kernel';
import { resourceName, resourcePath, type Mapper } from './api/mapper';
import { CommandError, UsageError } from './errors';
import { compareText, listAt, nameOf } from './fields';
import { parseFlags, type FlagDefinition, type ParsedFlags } from './flags';
import { ConnectionError, type KubectlHost } from './host';
import { allContainerNames } from './pods/containers';
import { podMapping } from './pods/of-target';
import { findCommand, flagsOf } from './program';
import { Session } from './session';

const startingWith = (words: readonly string[], last: string): string[] => [...new Set(words)].filter((word) => word.startsWith(last)).sort(compareText);

/** Commands whose first words are pods. */
const podCommands = new Set(['logs', 'exec', 'attach', 'port-forward', 'cp', 'debug', 'top pod']);
/** Commands whose words are a type, then names. */
const typeCommands = new Set(['get', 'describe', 'delete', 'edit', 'label', 'annotate', 'patch', 'scale', 'autoscale', 'expose', 'wait', 'explain', 'rollout status', 'rollout history', 'rollout undo', 'rollout restart', 'rollout pause', 'rollout resume', 'set image', 'set env', 'set resources', 'set selector', 'set serviceaccount', 'set subject', 'apply view-last-applied', 'events']);
const nodeCommands = new Set(['cordon', 'uncordon', 'drain', 'top node']);

const outputs = ['custom-columns', 'custom-columns-file', 'go-template', 'go-template-file', 'json', 'jsonpath', 'jsonpath-as-json', 'jsonpath-file', 'kyaml', 'name', 'template', 'templatefile', 'wide', 'yaml'];

function* names(session: Session, mapper: Mapper, type: string, namespaced = true): Task<string[]> {
  const mapping = mapper.find(type);
  if (!mapping) return [];
  const list = yield* session.rest.get(resourcePath(mapping, namespaced ? session.namespace : undefined));
  return listAt(list, 'items').map(nameOf);
}

const typeNames = (mapper: Mapper): string[] => mapper.preferred.filter(({ verbs }) => verbs.includes('get') || verbs.includes('list')).map((mapping) => (mapper.find(mapping.resource) === mapping ? mapping.resource : resourceName(mapping)));

function* containers(session: Session, args: readonly string[]): Task<string[]> {
  const word = args[0]?.replace(/^(pods?|po)\//, '');
  if (word === undefined || word.includes('/')) return [];
  return allContainerNames(yield* session.rest.get(resourcePath(podMapping, session.namespace, word)));
}

function* flagValues(session: Session, flag: FlagDefinition, args: readonly string[]): Task<readonly string[]> {
  switch (flag.name) {
    case 'namespace':
      return listAt(yield* session.rest.get('/api/v1/namespaces'), 'items').map(nameOf);
    case 'context':
      return session.config.contexts.map(({ name }) => name);
    case 'cluster':
      return session.config.clusters.map(({ name }) => name);
    case 'user':
      return session.config.users.map(({ name }) => name);
    case 'container':
      return yield* containers(session, args);
    case 'output':
      return outputs;
    case 'dry-run':
      return ['none', 'server', 'client'];
    case 'cascade':
      return ['background', 'orphan', 'foreground'];
    case 'validate':
      return ['strict', 'warn', 'ignore'];
    default:
      return [];
  }
}

function* argumentWords(session: Session, path: string, args: readonly string[], last: string): Task<readonly string[]> {
  const name = path.replace(/^kubectl /, '');
  if (name === 'config use-context' || name === 'config delete-context' || name === 'config rename-context' || name === 'config get-contexts') return session.config.contexts.map((one) => one.name);
  if (podCommands.has(name)) {
    if (name === 'logs' && args.length === 1) return yield* containers(session, args);
    if (args.length > 0 && name !== 'cp') return [];
    const mapper = yield* session.mapper();
    if (last.includes('/')) return (yield* names(session, mapper, last.split('/')[0] as string)).map((one) => `${last.split('/')[0]}/${one}`);
    const pods = yield* names(session, mapper, 'pods');
    return name === 'cp' ? pods.map((one) => `${one}:`) : pods;
  }
  if (nodeCommands.has(name)) return yield* names(session, yield* session.mapper(), 'nodes', false);
  if (!typeCommands.has(name)) return [];
  const mapper = yield* session.mapper();
  if (last.includes('/')) return (yield* names(session, mapper, last.split('/')[0] as string)).map((one) => `${last.split('/')[0]}/${one}`);
  if (args.length === 0) {
    const types = typeNames(mapper);
    if (!last.includes(',')) return types;
    const head = last.slice(0, last.lastIndexOf(',') + 1);
    return types.map((one) => head + one);
  }
  if ((args[0] as string).includes('/') || name === 'explain') return [];
  const given = new Set(args.slice(1));
  return (yield* names(session, mapper, args[0] as string)).filter((one) => !given.has(one));
}

function flagsSoFar(definitions: readonly FlagDefinition[], words: readonly string[]): { flags: ParsedFlags; args: readonly string[] } {
  try {
    return parseFlags(definitions, words);
  } catch (error) {
    if (error instanceof UsageError) return parseFlags(definitions, words.filter((word) => !word.startsWith('-')));
    throw error;
  }
}

/** What the last of the words after `kubectl` could become: whole words, sorted. Asks the server for names; finds nothing when it fails. */
export function* complete(host: KubectlHost, words: readonly string[]): Task<readonly string[]> {
  const last = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  if (before.includes('--')) return [];
  const found = findCommand(before);
  const definitions = flagsOf(found.command);
  const { args, flags } = flagsSoFar(definitions, found.words);
  const session = new Session({ ...host, stderr: { isTerminal: false, write: () => undefined } }, flags);
  try {
    const previous = before.at(-1) ?? '';
    const pending = previous.startsWith('--') ? definitions.find(({ name }) => name === previous.slice(2)) : /^-.$/.test(previous) ? definitions.find(({ shorthand }) => shorthand === previous[1]) : undefined;
    if (pending && pending.withoutValue === undefined && !previous.includes('=')) {
      const own = flagsSoFar(definitions, found.words.slice(0, -1)).args;
      return startingWith(yield* flagValues(session, pending, own), last);
    }
    const assigned = /^--([\w-]+)=(.*)$/s.exec(last);
    if (assigned) {
      const flag = definitions.find(({ name }) => name === assigned[1]);
      return flag ? startingWith(yield* flagValues(session, flag, args), assigned[2] as string).map((value) => `--${flag.name}=${value}`) : [];
    }
    if (last.startsWith('-')) return startingWith(definitions.filter(({ hidden }) => hidden !== true).map(({ name }) => `--${name}`), last);
    const commands = args.length === 0 ? (found.command.commands ?? []).filter(({ hidden }) => hidden !== true).map(({ name }) => name) : [];
    return startingWith([...commands, ...(yield* argumentWords(session, found.path, args, last))], last);
  } catch (error) {
    if (error instanceof StatusError || error instanceof CommandError || error instanceof ConnectionError) return [];
    throw error;
  }
}
