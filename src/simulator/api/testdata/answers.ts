import { readFileSync } from 'node:fs';

/** What Kubernetes' own library answered. */
export interface Answer {
  readonly value?: unknown;
  readonly error?: string;
}

/** Questions and answers recorded by tools/oracle/ask/record.mjs. */
export function recorded(file: string, name: string): (readonly [args: readonly string[], answer: Answer])[] {
  const lines = readFileSync(new URL(`./${file}.jsonl`, import.meta.url), 'utf8').trim().split('\n');
  return lines
    .map((line) => JSON.parse(line) as [string[], Answer])
    .filter(([[first]]) => first === name)
    .map(([[, ...args], answer]) => [args, answer]);
}

/** What `work` gives, as an Answer. */
export function answerOf(work: () => unknown): Answer {
  try {
    return { value: work() };
  } catch (error) {
    return { error: (error as Error).message };
  }
}
