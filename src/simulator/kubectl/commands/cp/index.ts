import { concatBytes, type Task } from '../../../kernel';
import { resourcePath } from '../../api/mapper';
import type { Command, Context } from '../../command';
import { CommandError } from '../../errors';
import { containerFlag, flag } from '../../flags';
import { chooseContainer } from '../../pods/containers';
import { podMapping } from '../../pods/of-target';
import { followStream, openStream } from '../../pods/stream';
import { assertRunning, execUrl } from '../exec';
import { readTar, writeTar, type Member } from './tar';

interface Place {
  readonly pod: string;
  readonly namespace: string;
  readonly path: string;
}

/** [NAMESPACE/]POD:PATH, or a path of this machine (pod ''). */
function placeOf(text: string, namespace: string): Place {
  const colon = text.indexOf(':');
  if (colon < 0 || text.startsWith('.') || text.startsWith('/')) return { pod: '', namespace, path: text };
  if (colon === 0) throw new CommandError('filespec must match the canonical format: [[namespace/]pod:]file/path');
  const [pod, path] = [text.slice(0, colon), text.slice(colon + 1)];
  const parts = pod.split('/');
  if (parts.length === 1) return { pod, namespace, path };
  if (parts.length === 2) return { pod: parts[1] as string, namespace: parts[0] as string, path };
  throw new CommandError('filespec must match the canonical format: [[namespace/]pod:]file/path');
}

const clean = (path: string): string => path.replace(/\/+/g, '/').replace(/(?<=.)\/$/, '');
const baseOf = (path: string): string => clean(path).slice(clean(path).lastIndexOf('/') + 1);
const folderOf = (path: string): string => (clean(path).includes('/') ? clean(path).slice(0, clean(path).lastIndexOf('/')) || '/' : '.');

function localMembers({ session }: Context, path: string, name: string): Member[] {
  const { files } = session.host;
  if (files.kind(path) !== 'folder') {
    const mode = files.mode?.(path);
    return [{ path: name, type: 'file', data: files.read(path), ...(mode !== undefined && { mode }) }];
  }
  const inner = files.list(path).flatMap((one) => localMembers({ session } as Context, `${path}/${one}`, `${name}/${one}`));
  return inner.length === 0 ? [{ path: `${name}/`, type: 'folder', data: new Uint8Array() }] : inner;
}

function* run(context: Context): Task<void> {
  const { args, session } = context;
  if (args.length !== 2) throw new CommandError('source and destination are required');
  const [from, to] = [placeOf(args[0] as string, session.namespace), placeOf(args[1] as string, session.namespace)];
  if (from.pod !== '' && to.pod !== '') throw new CommandError('one of src or dest must be a local file specification');
  if (from.path === '' || to.path === '') throw new CommandError('filepath can not be empty');
  if (from.pod !== '') return yield* fetch(context, from, to.path);
  if (to.pod !== '') return yield* send(context, from.path, to);
  throw new CommandError('one of src or dest must be a remote file specification');
}

function* enter(context: Context, { namespace, pod: name }: Place): Task<(command: readonly string[], stdin: boolean) => string> {
  const pod = yield* context.session.rest.get(resourcePath(podMapping, namespace, name));
  assertRunning(pod);
  const container = chooseContainer(context, pod, context.flags.string('container'));
  return (command, stdin) => execUrl(pod, container, command, { stdin, tty: false });
}

function* exists(context: Context, url: string): Task<boolean> {
  const quiet: Context = { ...context, err: () => undefined };
  try {
    yield* followStream(quiet, yield* openStream(quiet, url), { stdin: false, tty: false, stdout: () => undefined });
    return true;
  } catch (error) {
    if (error instanceof CommandError) throw error;
    return false;
  }
}

function* send(context: Context, path: string, to: Place): Task<void> {
  const { session } = context;
  if (session.host.files.kind(path) === undefined) throw new CommandError(`${path} doesn't exist in local filesystem`);
  const urlOf = yield* enter(context, to);
  let target = clean(to.path);
  if (to.path.endsWith('/') || (yield* exists(context, urlOf(['test', '-d', target], false)))) target = `${target === '/' ? '' : target}/${baseOf(path)}`;
  const archive = writeTar(localMembers(context, clean(path), baseOf(target)), Math.floor(session.host.now() / 1_000_000));
  let sent = false;
  const input = function* (): Task<Uint8Array | undefined> {
    if (sent) return undefined;
    sent = true;
    return archive;
  };
  const command = ['tar', ...(context.flags.bool('no-preserve') ? ['--no-same-permissions', '--no-same-owner'] : []), '-xmf', '-', '-C', folderOf(target)];
  yield* followStream(context, yield* openStream(context, urlOf(command, true)), { stdin: true, tty: false, input });
}

function* fetch(context: Context, from: Place, local: string): Task<void> {
  const { files } = context.session.host;
  const urlOf = yield* enter(context, from);
  const chunks: Uint8Array[] = [];
  const stream = yield* openStream(context, urlOf(['tar', 'cf', '-', from.path], false));
  yield* followStream(context, stream, { stdin: false, tty: false, stdout: (data) => chunks.push(data) });
  const members = readTar(concatBytes(chunks));
  if (members.length === 0) throw new CommandError(`${from.path} no such file or directory`);
  const root = clean(from.path).replace(/^\/+/, '');
  const target = files.kind(local) === 'folder' ? `${clean(local)}/${baseOf(from.path)}` : clean(local);
  for (const { data: content, path, type } of members) {
    const rest = clean(path).replace(/^\/+/, '').slice(root.length);
    if (path.includes('../')) {
      context.err(`warning: file ${JSON.stringify(path)} is outside target destination, skipping\n`);
      continue;
    }
    if (type === 'folder') files.makeFolder(`${target}${rest}`);
    else if (type === 'file') {
      const place = `${target}${rest}`;
      files.makeFolder(folderOf(place));
      files.write(place, content);
    }
  }
}

/** kubectl cp */
export const cp: Command = {
  name: 'cp',
  short: 'Copy files and directories to and from containers',
  use: '<file-spec-src> <file-spec-dest>',
  examples: ['kubectl cp notes.txt web:/tmp/notes.txt', 'kubectl cp web:/etc/nginx nginx-config'],
  flags: [containerFlag, flag('--no-preserve=false', "Do not keep modes and owners."), flag('--retries=0', 'How often to go on after a broken copy.')],
  run,
};
