import type { Output } from '../process/program';
import { signalNames } from '../process/signals';
import { optionOrder, type Shell } from './shell';
import { ShellError } from './variables';

const nameLike = /^[A-Za-z_][A-Za-z0-9_]*$/;
const inQuotes = (text: string): string => `'${text.replace(/'/g, "'\"'\"'")}'`;

function badName(shell: Shell, command: string, name: string): never {
  shell.complain(`${name}: bad variable name`, command);
  throw new ShellError('', 2);
}

function marking(command: string, flag: 'exported' | 'readOnly') {
  return (shell: Shell, argv: readonly string[], out: Output): number => {
    const words = argv.slice(1).filter((word) => word !== '-p');
    const unexport = words[0] === '-n';
    if (unexport) words.shift();
    if (words.length === 0) {
      for (const name of shell.variables.names()) {
        const variable = shell.variables.entry(name);
        if (variable?.[flag]) out.write(`${command} ${name}${variable.value === undefined ? '' : `=${inQuotes(variable.value)}`}\n`);
      }
      return 0;
    }
    for (const word of words) {
      const at = word.indexOf('=');
      const name = at < 0 ? word : word.slice(0, at);
      if (!nameLike.test(name)) badName(shell, command, name);
      if (at >= 0) shell.variables.set(name, word.slice(at + 1));
      shell.variables.mark(name, { [flag]: !unexport });
    }
    return 0;
  };
}

export const exportBuiltin = marking('export', 'exported');
export const readOnly = marking('readonly', 'readOnly');

export function local(shell: Shell, argv: readonly string[]): number {
  if (!shell.variables.inFunction) {
    shell.complain('not in a function', 'local');
    throw new ShellError('', 2);
  }
  for (const word of argv.slice(1)) {
    const at = word.indexOf('=');
    const name = at < 0 ? word : word.slice(0, at);
    if (name === '-') continue;
    if (!nameLike.test(name)) badName(shell, 'local', name);
    shell.variables.makeLocal(name);
    if (at >= 0) shell.variables.set(name, word.slice(at + 1));
  }
  return 0;
}

export function unset(shell: Shell, argv: readonly string[]): number {
  let words = argv.slice(1);
  let functions = false;
  while (/^-[fv]$/.test(words[0] ?? '')) {
    functions = words[0] === '-f';
    words = words.slice(1);
  }
  for (const name of words) {
    if (functions) shell.functions.delete(name);
    else {
      if (!nameLike.test(name)) badName(shell, 'unset', name);
      if (shell.variables.entry(name)?.readOnly) {
        shell.complain(`${name}: is read only`, 'unset');
        throw new ShellError('', 2);
      }
      shell.variables.unset(name);
    }
  }
  return 0;
}

/** Sets options from words like -eu, +x, -o pipefail; gives the words after them. Undefined: a wrong one, already said. */
export function applyOptions(shell: Shell, words: readonly string[], out: Output): { rest: string[]; given: boolean } | undefined {
  let index = 0;
  let given = false;
  for (; index < words.length; index++) {
    const word = words[index] as string;
    if (word === '--') return { rest: words.slice(index + 1), given: true };
    if (word === '-') {
      shell.options.xtrace = false;
      shell.options.verbose = false;
      return { rest: words.slice(index + 1), given: index + 1 < words.length };
    }
    if (!/^[-+]./.test(word)) break;
    const on = word.startsWith('-');
    for (const letter of word.slice(1)) {
      if (letter === 'o') {
        const name = words[index + 1];
        if (name === undefined) {
          listOptions(shell, on, out);
          continue;
        }
        index += 1;
        const option = optionOrder.find(([long]) => long === name);
        if (!option) {
          shell.complain(`illegal option ${on ? '-' : '+'}o ${name}`, 'set');
          throw new ShellError('', 2);
        }
        shell.options[option[0]] = on;
        continue;
      }
      const option = optionOrder.find(([, short]) => short === letter);
      if (!option) {
        shell.complain(`illegal option ${on ? '-' : '+'}${letter}`, 'set');
        throw new ShellError('', 2);
      }
      shell.options[option[0]] = on;
    }
  }
  shell.variables.exportAll = shell.options.allexport;
  given = index < words.length;
  return { rest: words.slice(index), given };
}

function listOptions(shell: Shell, readable: boolean, out: Output): void {
  for (const [name] of optionOrder) out.write(readable ? `${name.padEnd(16)}${shell.options[name] ? 'on' : 'off'}\n` : `set ${shell.options[name] ? '-' : '+'}o ${name}\n`);
}

export function setBuiltin(shell: Shell, argv: readonly string[], out: Output): number {
  if (argv.length === 1) {
    for (const name of shell.variables.names()) {
      const value = shell.variables.get(name);
      if (value !== undefined) out.write(`${name}=${inQuotes(value)}\n`);
    }
    return 0;
  }
  const result = applyOptions(shell, argv.slice(1), out);
  shell.variables.exportAll = shell.options.allexport;
  if (result?.given) shell.parameters = result.rest;
  return 0;
}

export function trapBuiltin(shell: Shell, argv: readonly string[], out: Output): number {
  let words = argv.slice(1);
  if (words[0] === '--') words = words.slice(1);
  if (words[0] === '-l') {
    out.write(signalNames.map((name, index) => `${String(index + 1).padStart(2)}) ${name}\n`).join(''));
    return 0;
  }
  if (words.length === 0) {
    const order = ['EXIT', ...signalNames];
    const traps = [...shell.traps].sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
    for (const [name, action] of traps) out.write(`trap -- ${action === '' ? "''" : inQuotes(action)} ${name}\n`);
    return 0;
  }
  const [first = ''] = words;
  const resetsAll = /^\d+$/.test(first) || words.length === 1;
  const action = resetsAll || first === '-' ? undefined : first;
  let status = 0;
  for (const name of resetsAll ? words : words.slice(1)) {
    if (shell.trap(name, action)) continue;
    shell.complain(`${name}: invalid signal specification`, 'trap');
    status = 1;
  }
  return status;
}

/** The nine permissions of a mask's complement as u=rwx,g=rx,o=rx. */
function symbolic(mask: number): string {
  return ['u', 'g', 'o'].map((who, index) => {
    const bits = (~mask >> (6 - 3 * index)) & 7;
    return `${who}=${bits & 4 ? 'r' : ''}${bits & 2 ? 'w' : ''}${bits & 1 ? 'x' : ''}`;
  }).join(',');
}

export function umask(shell: Shell, argv: readonly string[], out: Output): number {
  const [, word] = argv;
  if (word === undefined) out.write(`${shell.process.umask.toString(8).padStart(4, '0')}\n`);
  else if (word === '-S') out.write(`${symbolic(shell.process.umask)}\n`);
  else if (/^[0-7]+$/.test(word)) shell.process.umask = parseInt(word, 8) & 0o777;
  else if (/^[ugoa]*[-+=][rwx]*(,[ugoa]*[-+=][rwx]*)*$/.test(word)) shell.process.umask = symbolicMask(word, shell.process.umask);
  else {
    shell.complain(`illegal mode: ${word}`, 'umask');
    throw new ShellError('', 2);
  }
  return 0;
}

function symbolicMask(text: string, mask: number): number {
  let allowed = ~mask & 0o777;
  for (const clause of text.split(',')) {
    const [, who = '', operator = '', letters = ''] = /^([ugoa]*)([-+=])([rwx]*)$/.exec(clause) ?? [];
    let bits = 0;
    for (const letter of letters) bits |= letter === 'r' ? 4 : letter === 'w' ? 2 : 1;
    for (const [index, one] of ['u', 'g', 'o'].entries()) {
      if (who !== '' && !who.includes('a') && !who.includes(one)) continue;
      const shift = 6 - 3 * index;
      if (operator === '=') allowed = (allowed & ~(7 << shift)) | (bits << shift);
      else if (operator === '+') allowed |= bits << shift;
      else allowed &= ~(bits << shift);
    }
  }
  return ~allowed & 0o777;
}

const limits: readonly (readonly [string, string, string])[] = [
  ['c', 'core file size (blocks)         (-c) ', 'unlimited'], ['d', 'data seg size (kb)              (-d) ', 'unlimited'], ['e', 'scheduling priority             (-e) ', '0'], ['f', 'file size (blocks)              (-f) ', 'unlimited'],
  ['n', 'open files                      (-n) ', '1048576'], ['s', 'stack size (kb)                 (-s) ', '8192'], ['t', 'cpu time (seconds)              (-t) ', 'unlimited'], ['u', 'max user processes              (-u) ', 'unlimited'], ['v', 'virtual memory (kb)             (-v) ', 'unlimited'],
];

export function ulimit(shell: Shell, argv: readonly string[], out: Output): number {
  let wanted = 'f';
  for (const word of argv.slice(1)) {
    if (/^-[a-zA-Z]+$/.test(word)) {
      const letters = word.slice(1).replace(/[HS]/g, '');
      if (letters === 'a') {
        for (const [, title, value] of limits) out.write(`${title}${value}\n`);
        return 0;
      }
      if (letters !== '') wanted = letters.slice(-1);
    } else {
      if (word !== 'unlimited' && !/^\d+$/.test(word)) {
        out.error(`${shell.name}: invalid number '${word}'\n`);
        return 1;
      }
      return 0;
    }
  }
  out.write(`${limits.find(([letter]) => letter === wanted)?.[2] ?? 'unlimited'}\n`);
  return 0;
}
