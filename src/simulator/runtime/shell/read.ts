import { type Task, within, utf8Decode } from '../../kernel';
import { SystemError } from '../interface';
import { type Handle, wouldWait } from '../process/handle';
import type { Shell } from './shell';
import { ShellError } from './variables';

interface ReadOptions {
  raw: boolean;
  prompt: string;
  delimiter: number;
  limit: number;
  timeout: number | undefined;
  fd: number;
  silent: boolean;
  names: string[];
}

function parse(shell: Shell, argv: readonly string[]): ReadOptions {
  const options: ReadOptions = { raw: false, prompt: '', delimiter: 10, limit: Infinity, timeout: undefined, fd: 0, silent: false, names: [] };
  let index = 1;
  for (; index < argv.length && /^-[a-zA-Z]/.test(argv[index] as string); index++) {
    const word = argv[index] as string;
    for (let i = 1; i < word.length; i++) {
      const letter = word[i] as string;
      if (letter === 'r') options.raw = true;
      else if (letter === 's') options.silent = true;
      else if ('pdntu'.includes(letter)) {
        const value = i + 1 < word.length ? word.slice(i + 1) : (argv[(index += 1)] ?? '');
        if (letter === 'p') options.prompt = value;
        else if (letter === 'd') options.delimiter = value === '' ? 0 : value.charCodeAt(0);
        else if (letter === 'n') options.limit = Number(value);
        else if (letter === 't') options.timeout = Math.round(Number(value) * 1_000_000);
        else options.fd = Number(value);
        break;
      } else {
        shell.complain(`illegal option -${letter}`, 'read');
        throw new ShellError('', 2);
      }
    }
  }
  options.names = argv.slice(index);
  for (const name of options.names) {
    if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) continue;
    shell.complain(`'${name}': bad variable name`, 'read');
    throw new ShellError('', 2);
  }
  return options;
}

/** Bytes up to the delimiter; a backslash and what follows are kept together. */
function* collect(shell: Shell, handle: Handle, options: ReadOptions): Task<{ bytes: number[]; ended: boolean; signalled: boolean }> {
  const bytes: number[] = [];
  let escaped = false;
  while (bytes.length < options.limit) {
    const got = handle.tryRead(1);
    if (got === wouldWait) {
      if (shell.pendingTraps.length > 0 || shell.interrupted) return { bytes, ended: false, signalled: true };
      yield* handle.waitReadable();
      continue;
    }
    const byte = got?.[0];
    if (byte === undefined) return { bytes, ended: true, signalled: false };
    if (escaped) {
      escaped = false;
      if (byte === 10) bytes.pop();
      else bytes.push(byte);
      continue;
    }
    if (byte === options.delimiter) return { bytes, ended: false, signalled: false };
    if (byte === 0) continue;
    bytes.push(byte);
    if (byte === 92 && !options.raw) escaped = true;
  }
  return { bytes, ended: false, signalled: false };
}

/** Splits a line among the variables by IFS; the last gets the rest. */
export function splitFields(line: string, names: number, ifs: string, raw: boolean): string[] {
  const white = (c: string | undefined) => c !== undefined && ' \t\n'.includes(c) && ifs.includes(c);
  const fields: string[] = [];
  const plain = (from: number, to: number) => (raw ? line.slice(from, to) : line.slice(from, to).replace(/\\(.)/gs, '$1'));
  let at = 0;
  while (white(line[at])) at += 1;
  while (fields.length < names - 1 && at < line.length) {
    const start = at;
    while (at < line.length && !ifs.includes(line[at] as string)) at += !raw && line[at] === '\\' ? 2 : 1;
    fields.push(plain(start, Math.min(at, line.length)));
    while (white(line[at])) at += 1;
    if (at < line.length && ifs.includes(line[at] as string)) at += 1;
    while (white(line[at])) at += 1;
  }
  let end = line.length;
  while (end > at && white(line[end - 1]) && (raw || line[end - 2] !== '\\')) end -= 1;
  let rest = line.slice(at, end);
  const separators = [...rest].filter((c) => ifs.includes(c) && !white(c)).length;
  if (separators === 1 && rest.length > 1 && ifs.includes(rest[rest.length - 1] as string) && !white(rest[rest.length - 1])) rest = rest.slice(0, -1);
  fields.push(raw ? rest : rest.replace(/\\(.)/gs, '$1'));
  while (fields.length < names) fields.push('');
  return fields;
}

/** read: a line of input into variables. */
export function* readBuiltin(shell: Shell, argv: readonly string[]): Task<number> {
  const options = parse(shell, argv);
  const handle = shell.process.fds[options.fd];
  if (!handle) {
    shell.complain('read error: Bad file descriptor');
    return 1;
  }
  if (options.prompt !== '' && handle.isTerminal) shell.writeError(options.prompt);
  const terminal = options.silent && handle.isTerminal ? shell.process.terminal : undefined;
  if (terminal) terminal.modes.echo = false;
  let result: { bytes: number[]; ended: boolean; signalled: boolean } | undefined;
  try {
    result = options.timeout === undefined ? yield* collect(shell, handle, options) : yield* within(options.timeout, () => collect(shell, handle, options));
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    shell.complain('read error: Is a directory');
    return 1;
  } finally {
    if (terminal) terminal.modes.echo = true;
  }
  if (result?.signalled) return 130;
  const line = result ? utf8Decode(Uint8Array.from(result.bytes)) : '';
  const { names } = options;
  if (names.length === 0) shell.variables.set('REPLY', options.raw ? line : line.replace(/\\(.)/gs, '$1'));
  else {
    const ifs = shell.variables.get('IFS') ?? ' \t\n';
    const fields = splitFields(line, names.length, ifs, options.raw);
    for (const [index, name] of names.entries()) shell.variables.set(name, fields[index] ?? '');
  }
  return !result ? 142 : result.ended ? 1 : 0;
}
