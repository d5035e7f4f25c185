import { StatusError, isStatus, type Status } from '../api';
import { ConnectionError } from './host';

/** Something that ends a command with a message of kubectl's own. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  /** `bare`: printed as it is, without `error: `. */
  constructor(message: string, readonly options: { readonly exitCode?: number; readonly bare?: boolean } = {}) {
    super(message);
  }
}

/** Wrong arguments: the message is followed by where to find help. */
export class UsageError extends Error {
  override readonly name = 'UsageError';

  constructor(message: string, readonly hint: 'help' | 'usage' = 'help') {
    super(message);
  }
}

/** Ends the command with this code and no words. */
export class ExitError extends Error {
  override readonly name = 'ExitError';

  constructor(readonly exitCode: number) {
    super(`exit ${exitCode}`);
  }
}

/** A server's refusal, told with what was being done: `error when creating "f.yaml"`. */
export class WrappedStatusError extends StatusError {
  constructor(readonly doing: string, readonly inner: StatusError) {
    super(inner.status);
  }
}

/** Several failures of one command, in order. */
export class SeveralErrors extends Error {
  override readonly name = 'SeveralErrors';

  constructor(readonly errors: readonly unknown[]) {
    super(errors.map((error) => (error instanceof Error ? error.message : String(error))).join(', '));
  }
}

/** Throws nothing for none, the one for one, SeveralErrors for more. */
export function throwAll(errors: readonly unknown[]): void {
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new SeveralErrors(errors);
}

/** The error with what was being done in front; server refusals keep their kind. */
export function doing(what: string, error: unknown): unknown {
  if (error instanceof StatusError) return new WrappedStatusError(what, error);
  if (error instanceof CommandError && !error.options.bare) return new CommandError(`${what}: ${error.message}`);
  return error;
}

/** Whether the error is the server's NotFound. */
export const isNotFound = (error: unknown): boolean => isStatus(error, 'NotFound');

/** `The Pod "x" is invalid: …`, one line a cause. */
function invalidMessage(status: Status): string {
  const { kind = '', name = '', causes = [] } = status.details ?? {};
  const subject = status.details?.kind === undefined || status.details.kind === '' ? 'The request is invalid' : `The ${kind} "${name}" is invalid`;
  if (causes.length === 0) return `${subject}: ${status.message ?? ''}`;
  const lines = [...new Set(causes.map((cause) => (cause.field !== undefined && cause.field !== '' ? `${cause.field}: ${cause.message}` : cause.message)))];
  if (lines.length === 1) return `${subject}: ${lines[0]}`;
  return `${subject}:\n${lines.map((line) => `* ${line}`).join('\n')}`;
}

function statusMessage(error: StatusError): string {
  const { status } = error;
  if (status.reason === 'Unauthorized') return `error: You must be logged in to the server (Unauthorized)`;
  if (status.reason === 'Invalid') return invalidMessage(status);
  const text = error instanceof WrappedStatusError ? `${error.doing}: ${error.inner.message}` : error.message;
  if (status.reason === undefined || status.reason === '') return `Error from server: ${text}`;
  return `Error from server (${status.reason}): ${text}`;
}

function connectionMessage({ kind, message }: ConnectionError): string {
  const address = /dial tcp (\S+):/.exec(message)?.[1];
  if (kind === 'refused' && address !== undefined) return `The connection to the server ${address} was refused - did you specify the right host or port?`;
  return kind === 'refused' ? message : `Unable to connect to the server: ${message.replace(/^Unable to connect to the server: /, '')}`;
}

/** What kubectl prints on stderr for an error of the command `path`, without the last newline, and its exit code. */
export function presentError(error: unknown, path: string): { text: string; exitCode: number } | undefined {
  if (error instanceof ExitError) return { text: '', exitCode: error.exitCode };
  if (error instanceof SeveralErrors) {
    const parts = error.errors.map((one) => (one instanceof CommandError ? { text: one.message, exitCode: 1 } : presentError(one, path)));
    if (parts.some((part) => part === undefined)) return undefined;
    return { text: [...new Set(parts.map((part) => part?.text ?? ''))].join('\n'), exitCode: 1 };
  }
  if (error instanceof UsageError) {
    const see = error.hint === 'usage' ? `See '${path} --help' for usage.` : `See '${path} -h' for help and examples`;
    return { text: `error: ${error.message}\n${see}`, exitCode: 1 };
  }
  if (error instanceof CommandError) {
    const { bare = false, exitCode = 1 } = error.options;
    return { text: bare || error.message.startsWith('error: ') ? error.message : `error: ${error.message}`, exitCode };
  }
  if (error instanceof StatusError) return { text: statusMessage(error), exitCode: 1 };
  if (error instanceof ConnectionError) return { text: connectionMessage(error), exitCode: 1 };
  return undefined;
}
