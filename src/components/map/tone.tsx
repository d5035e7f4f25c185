import type { ReactNode } from 'react';
import type { Tone } from '../bench/protocol';
import styles from './styles.module.css';

const signs: Readonly<Record<Tone, string>> = { good: '●', waiting: '○', failing: '!', done: '✓', leaving: '×' };

/** A state by sign, colour and word: none of the three is needed to understand the other two. */
export function State({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }): ReactNode {
  return (
    <span className={styles[tone]}>
      <span className={styles.sign} aria-hidden="true">{signs[tone]}</span>
      {children}
    </span>
  );
}
