import type { KeyboardEvent, ReactNode } from 'react';
import { phrase } from '../text/ui';
import { useText } from '../text/use-text';
import styles from './styles.module.css';

/** A whole kubectl command, rather than the name of one. */
const isCommand = (text: string): boolean => /^kubectl \S+ \S/.test(text);

/** Code in a task: a command is put into the terminal when it is pressed, other code is just shown. Inline, so that lines break as in any text. */
export function Command({ text, onCommand }: { readonly text: string; readonly onCommand: (command: string) => void }): ReactNode {
  const t = useText();
  if (!isCommand(text)) return <code>{text}</code>;
  function onKeyDown(event: KeyboardEvent): void {
    if ((event.key !== 'Enter' && event.key !== ' ') || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    onCommand(text);
  }
  const label = t(phrase.putCommand(text));
  return <code className={styles.command} role="button" tabIndex={0} title={label} aria-label={label} onClick={() => onCommand(text)} onKeyDown={onKeyDown}>{text}</code>;
}
