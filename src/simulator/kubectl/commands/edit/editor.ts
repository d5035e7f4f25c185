import { utf8Decode, type Task } from '../../../kernel';
import type { Context } from '../../command';
import { CommandError } from '../../errors';

let count = 0;

/** Lets the user edit a text; gives what it became and where it lies. */
export function* editText({ session }: Context, text: string, extension: string): Task<{ text: string; path: string }> {
  const { env, files } = session.host;
  const editor = env['KUBE_EDITOR'] || env['EDITOR'] || 'vi';
  const path = `/tmp/kubectl-edit-${++count}${session.host.now() % 1_000_000}${extension}`;
  files.write(path, text);
  const code = yield* session.host.edit(editor, path);
  if (code !== 0) throw new CommandError(`there was a problem with the editor ${JSON.stringify(editor)}`);
  return { text: utf8Decode(files.read(path)), path };
}

/** The text without the lines that begin with #. */
export const withoutComments = (text: string): string => text.split('\n').filter((line) => !line.startsWith('#')).join('\n');
