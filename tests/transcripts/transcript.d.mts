/** One command of a transcript and what it printed when it was recorded. */
export interface Step {
  readonly command: readonly string[];
  readonly comments: readonly string[];
  readonly output: string;
}
/** A recorded conversation. */
export interface Transcript {
  readonly preamble: readonly string[];
  readonly steps: readonly Step[];
}
export function normalise(output: string, namespace: string): string;
export function parse(text: string): Transcript;
export function execute(transcript: Transcript, kubeconfig: string, environment?: NodeJS.ProcessEnv, seconds?: number): Promise<string[]>;
export function difference(expected: string, actual: string): string;
export function filesIn(name: string): string[];
