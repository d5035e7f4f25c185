import type { SignalName } from '../interface';

/** Every signal that has a name here: what the interface knows, and those that shells and statuses show. */
export type Signal = SignalName | 'ILL' | 'TRAP' | 'ABRT' | 'BUS' | 'FPE' | 'SEGV' | 'STKFLT' | 'URG' | 'XCPU' | 'XFSZ' | 'VTALRM' | 'PROF' | 'POLL' | 'PWR' | 'SYS';

/** Names in the order of their numbers, from 1 (signal(7), x86). */
export const signalNames: readonly Signal[] = [
  'HUP', 'INT', 'QUIT', 'ILL', 'TRAP', 'ABRT', 'BUS', 'FPE', 'KILL', 'USR1', 'SEGV', 'USR2', 'PIPE', 'ALRM', 'TERM', 'STKFLT',
  'CHLD', 'CONT', 'STOP', 'TSTP', 'TTIN', 'TTOU', 'URG', 'XCPU', 'XFSZ', 'VTALRM', 'PROF', 'WINCH', 'POLL', 'PWR', 'SYS',
];

export const signalNumber = (name: Signal): number => signalNames.indexOf(name) + 1;

export const signalOfNumber = (number: number): Signal | undefined => signalNames[number - 1];

/** 'TERM', 'SIGTERM', 'term', '15' as a signal. */
export function parseSignal(text: string): Signal | undefined {
  if (/^\d+$/.test(text)) return signalOfNumber(Number(text));
  const name = text.toUpperCase().replace(/^SIG/, '');
  return signalNames.find((signal) => signal === name);
}

const descriptions: Partial<Record<Signal, string>> = {
  HUP: 'Hangup', INT: 'Interrupt', QUIT: 'Quit', ILL: 'Illegal instruction', TRAP: 'Trace/breakpoint trap', ABRT: 'Aborted', BUS: 'Bus error', FPE: 'Arithmetic exception',
  KILL: 'Killed', USR1: 'User defined signal 1', SEGV: 'Segmentation fault', USR2: 'User defined signal 2', PIPE: 'Broken pipe', ALRM: 'Alarm clock', TERM: 'Terminated',
  STOP: 'Stopped (signal)', TSTP: 'Stopped', TTIN: 'Stopped (tty input)', TTOU: 'Stopped (tty output)',
};

/** strsignal's words, which a shell prints when a child died of it. */
export const signalText = (signal: Signal): string => descriptions[signal] ?? `Signal ${signalNumber(signal)}`;

/** What happens to a process that has no handler (signal(7)). */
export function defaultAction(signal: Signal): 'ignore' | 'stop' | 'continue' | 'end' {
  if (signal === 'CHLD' || signal === 'WINCH' || signal === 'URG') return 'ignore';
  if (signal === 'CONT') return 'continue';
  if (signal === 'STOP' || signal === 'TSTP' || signal === 'TTIN' || signal === 'TTOU') return 'stop';
  return 'end';
}
