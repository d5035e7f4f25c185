import { SystemError } from '../interface';
import { builtins } from './registry';
import type { Shell } from './shell';

/** What may be put at the cursor. */
export interface Completion {
  /** Where the word that is completed begins, in characters of the line. */
  readonly start: number;
  readonly candidates: readonly string[];
}

/** The names that complete the word before the cursor: commands in the first place, file names elsewhere. */
export function completeFiles(shell: Shell, before: string): Completion {
  const word = /(?:\\.|[^\s;|&<>()"'])*$/.exec(before)?.[0] ?? '';
  const start = before.length - word.length;
  const isCommand = /(^|[;|&(]|\b(?:then|do|else)\s)\s*$/.test(before.slice(0, start)) && !word.includes('/');
  const names = isCommand ? commandNames(shell, word) : fileNames(shell, word);
  return { start, candidates: [...new Set(names)].sort() };
}

function commandNames(shell: Shell, word: string): string[] {
  const names = [...builtins.keys(), ...shell.functions.keys(), ...shell.aliases.keys()].filter((name) => name.startsWith(word));
  for (const folder of (shell.variables.get('PATH') ?? '').split(':')) for (const name of listed(shell, folder)) if (name.startsWith(word)) names.push(name);
  return names.map((name) => `${name} `);
}

function listed(shell: Shell, folder: string): readonly string[] {
  try {
    return shell.process.files.list(folder);
  } catch (error) {
    if (error instanceof SystemError) return [];
    throw error;
  }
}

function fileNames(shell: Shell, word: string): string[] {
  const slash = word.lastIndexOf('/');
  const folder = word.slice(0, slash + 1);
  const prefix = word.slice(slash + 1);
  const home = shell.variables.get('HOME') ?? '/';
  const real = folder === '' ? '.' : folder.replace(/^~(?=\/)/, home);
  return listed(shell, real)
    .filter((name) => name.startsWith(prefix) && (prefix.startsWith('.') || !name.startsWith('.')))
    .map((name) => {
      const path = `${real}/${name}`;
      const isFolder = shell.process.files.exists(path) && shell.process.files.status(path).type === 'folder';
      return folder + name.replace(/[ '"$&;|<>()\\]/g, '\\$&') + (isFolder ? '/' : ' ');
    });
}
