import { StatusError } from '../api';

/** The API server could not be reached, or went away before it answered. Thrown by handlers that stand for a network. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
}

/** Whether `error` is what a client must live with: an answer that refuses, or no answer. Anything else is a defect. */
export const isApiFailure = (error: unknown): error is StatusError | ConnectionError =>
  error instanceof StatusError || error instanceof ConnectionError;
