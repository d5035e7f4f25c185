import { type ReactNode, useRef } from 'react';
import { Transfer } from '../progress/transfer';
import type { Text } from '../text/text';
import { ui } from '../text/ui';
import { useText } from '../text/use-text';
import type { Session } from './session';
import styles from './styles.module.css';
import { useSession } from './use-session';

export interface ToolbarProps {
  readonly title: Text;
  readonly session: Session;
  readonly grading: boolean;
  readonly onGrade: () => void;
  readonly onReset: () => void;
  /** Progress was imported: this lab's files may be others now. */
  readonly onImported: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** The bench's head: where one is, the clock, and what can be done with the lab as a whole. */
export function Toolbar({ title, session, grading, onGrade, onReset, onImported, onClose, children }: ToolbarProps): ReactNode {
  const t = useText();
  const question = useRef<HTMLDialogElement>(null);
  const ready = useSession(session, (state) => state.phase === 'ready');
  function reset(): void {
    question.current?.close();
    onReset();
  }
  return (
    <header className={styles.toolbar}>
      <h1 className={styles.title}>{t(title)}</h1>
      {children}
      <div className={styles.actions}>
        <span className={styles.transfer}><Transfer onImported={onImported} /></span>
        <button type="button" className="push" onClick={() => question.current?.showModal()}>{t(ui.reset)}</button>
        <button type="button" className="push push--main" disabled={!ready || grading} title="Ctrl-Enter / ⌘Enter" onClick={onGrade}>{t(ui.grade)}</button>
        <button type="button" className="push" onClick={onClose}>{t(ui.close)}</button>
      </div>
      <dialog ref={question} className={styles.question} aria-label={t(ui.reset)}>
        <p>{t(ui.resetQuestion)}</p>
        <div className={styles.actions}>
          <button type="button" className="push" onClick={() => question.current?.close()}>{t(ui.cancel)}</button>
          <button type="button" className="push push--main" onClick={reset}>{t(ui.reset)}</button>
        </div>
      </dialog>
    </header>
  );
}
