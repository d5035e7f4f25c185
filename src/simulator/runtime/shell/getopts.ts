import type { Output } from '../process/program';
import type { Shell } from './shell';

const within = new WeakMap<Shell, { index: number; offset: number }>();

/** getopts: the next option of the parameters (or of the words given). */
export function getopts(shell: Shell, argv: readonly string[], out: Output): number {
  const [, specification, name, ...given] = argv;
  if (specification === undefined || name === undefined) {
    out.error(`${shell.prefix('getopts')}usage: getopts optstring var [arg]\n`);
    return 2;
  }
  const words = given.length > 0 ? given : shell.parameters;
  let index = Number(shell.variables.get('OPTIND') ?? 1) || 1;
  const state = within.get(shell);
  let offset = state && state.index === index ? state.offset : 1;
  const silent = specification.startsWith(':');
  const word = words[index - 1];
  if (word === undefined || !word.startsWith('-') || word === '-' || word === '--') {
    if (word === '--') index += 1;
    shell.variables.set('OPTIND', String(index));
    shell.variables.set(name, '?');
    within.delete(shell);
    return 1;
  }
  const letter = word[offset] as string;
  offset += 1;
  const at = letter === ':' ? -1 : specification.indexOf(letter);
  let value: string | undefined;
  let result = letter;
  const finishWord = () => {
    index += 1;
    offset = 1;
  };
  if (at < 0) {
    result = '?';
    if (silent) value = letter;
    else out.error(`Illegal option -${letter}\n`);
    if (offset >= word.length) finishWord();
  } else if (specification[at + 1] === ':') {
    value = offset < word.length ? word.slice(offset) : words[index];
    index += offset < word.length ? 1 : 2;
    offset = 1;
    if (value === undefined) {
      index = words.length + 1;
      result = silent ? ':' : '?';
      if (silent) value = letter;
      else out.error(`No arg for -${letter} option\n`);
    }
  } else if (offset >= word.length) finishWord();
  if (value === undefined) shell.variables.unset('OPTARG');
  else shell.variables.set('OPTARG', value);
  shell.variables.set(name, result);
  shell.variables.set('OPTIND', String(index));
  within.set(shell, { index, offset });
  return 0;
}
