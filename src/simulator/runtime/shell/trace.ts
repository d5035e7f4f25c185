import type { Shell } from './shell';

/** A word as the shell would read it back. */
export function quote(text: string): string {
  if (text === '') return "''";
  if (/^[A-Za-z0-9_./:,+@%\]{}^-]+$/.test(text)) return text;
  return `'${text.replace(/'/g, "'\\''")}'`;
}

/** set -x: the command as it is about to run. */
export function traceCommand(shell: Shell, assignments: readonly (readonly [string, string])[], argv: readonly string[]): void {
  const words = [...assignments.map(([name, value]) => `${name}=${value === '' ? '' : quote(value)}`), ...argv.map(quote)];
  shell.writeError(`${shell.variables.get('PS4') ?? '+ '}${words.join(' ')}\n`);
}
