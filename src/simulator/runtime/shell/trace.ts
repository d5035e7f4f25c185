import type { Shell } from './shell';

const keywords = new Set(['!', '{', '}', 'if', 'then', 'else', 'elif', 'fi', 'for', 'while', 'until', 'do', 'done', 'case', 'esac', 'in']);

/** A word as the shell would read it back. */
export function quote(text: string): string {
  if (text === '') return "''";
  if (/^[A-Za-z0-9_./:,+@%\]{}^-]+$/.test(text)) return text;
  return `'${text.replace(/'/g, "'\\''")}'`;
}

/** set -x: the command as it is about to run. */
export function traceCommand(shell: Shell, assignments: readonly (readonly [string, string])[], argv: readonly string[]): void {
  const traced = (word: string) => (word === '' ? '' : keywords.has(word) ? `'${word}'` : quote(word));
  const words = [...assignments.map(([name, value]) => `${name}=${value === '' ? '' : quote(value)}`), ...argv.map(traced)];
  shell.writeError(`${shell.variables.get('PS4') ?? '+ '}${words.join(' ')}\n`);
}
