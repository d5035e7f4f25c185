import type { Task } from '../../../kernel';
import { Failure, type Reply, Status } from './resp';
import type { Client, Server } from './server';
import type { Database, Entry, Value } from './store';

/** What a command works on. */
export interface Call {
  readonly server: Server;
  readonly client: Client;
  readonly database: Database;
  /** The words after the command's name. */
  readonly args: readonly string[];
}

export interface Command {
  /** With the name; negative: at least so many. */
  readonly arity: number;
  /** Changes data: goes to the append-only file. */
  readonly write?: boolean;
  readonly run: (call: Call) => Reply | Task<Reply>;
}

export type Commands = Readonly<Record<string, Command>>;

export const ok = new Status('OK');
export const wrongType = new Failure('WRONGTYPE Operation against a key holding the wrong kind of value');
export const syntaxError = new Failure('ERR syntax error');
export const notInteger = new Failure('ERR value is not an integer or out of range');
export const notFloat = new Failure('ERR value is not a valid float');

/** Thrown inside commands to answer with an error. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(readonly failure: Failure) {
    super(failure.text);
  }
}

const fail = (failure: Failure): never => {
  throw new CommandError(failure);
};

/** The value of a key if it has that type; undefined when there is none. Throws WRONGTYPE. */
export function typed<T extends Value['type']>(entry: Entry | undefined, type: T): Extract<Value, { type: T }> | undefined {
  if (!entry) return undefined;
  return entry.value.type === type ? (entry.value as Extract<Value, { type: T }>) : fail(wrongType);
}

/** A whole number of 64 bits, as far as a double goes. Throws. */
export function integer(text: string | undefined): number {
  if (text === undefined || !/^-?(0|[1-9]\d*)$/.test(text) || !Number.isSafeInteger(Number(text))) return fail(notInteger);
  return Number(text);
}

/** A float; inf is one. Throws. */
export function float(text: string | undefined): number {
  if (text !== undefined && /^[+-]?inf(inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (text === undefined || text.trim() === '' || Number.isNaN(Number(text))) return fail(notFloat);
  return Number(text);
}

/** A score as redis prints it. */
export const formatScore = (score: number): string => (score === Infinity ? 'inf' : score === -Infinity ? '-inf' : String(score));

/** glob-style patterns: * ? [a-c] \x. */
export function globPattern(pattern: string): RegExp {
  let out = '';
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i] as string;
    if (c === '*') out += '[\\s\\S]*';
    else if (c === '?') out += '[\\s\\S]';
    else if (c === '[' && pattern.indexOf(']', i) > 0) {
      const end = pattern.indexOf(']', i);
      out += pattern.slice(i, end + 1);
      i = end;
    } else out += (c === '\\' ? (pattern[++i] ?? '\\') : c).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  }
  return new RegExp(`^${out}$`);
}
