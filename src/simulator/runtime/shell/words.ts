import type { Task } from '../../kernel';
import type { SimpleCommand, Word } from './ast';
import { NeedsCommand } from './expand';
import { redirect, RedirectError, type Saved } from './redirect';
import type { Shell } from './shell';
import { captureCommand } from './substitute';

/** Does an expansion, running the commands that it needs and trying again. */
export function* expanding<T>(shell: Shell, expand: () => T): Task<T> {
  try {
    for (;;) {
      try {
        return expand();
      } catch (error) {
        if (!(error instanceof NeedsCommand)) throw error;
        shell.expander.provide(error.part, yield* captureCommand(shell, error.part.script));
      }
    }
  } finally {
    shell.expander.forget();
  }
}

/** A word as one text. */
export function* expandText(shell: Shell, word: Word): Task<string> {
  return word.runs ? yield* expanding(shell, () => shell.expander.text(word)) : shell.expander.text(word);
}

/** The fields of a command's words. */
export function* expandWords(shell: Shell, words: readonly Word[]): Task<string[]> {
  const out: string[] = [];
  for (const word of words) {
    if (!word.runs) shell.expander.fields(word, out);
    else {
      const fields = yield* expanding(shell, () => {
        const some: string[] = [];
        shell.expander.fields(word, some);
        return some;
      });
      out.push(...fields);
    }
  }
  return out;
}

/** Redirects; true when that failed, which is then said. */
export function* tryRedirect(shell: Shell, redirects: SimpleCommand['redirects'], saved: Saved[]): Task<boolean> {
  try {
    for (const item of redirects) {
      const word = item.body ?? item.target;
      if (word.runs) yield* expanding(shell, () => redirect(shell, [item], saved));
      else redirect(shell, [item], saved);
    }
    return false;
  } catch (error) {
    if (!(error instanceof RedirectError)) throw error;
    shell.complain(error.message);
    return true;
  }
}
