import type { ReactNode } from 'react';
import { Seal } from '../seal';
import { phrase, ui } from '../text/ui';
import { useLocale, useText } from '../text/use-text';
import { dayOf } from './day';
import styles from './styles.module.css';

/** The stamp that a passed lab has earned; pressed visibly the moment it is earned. */
export function StampMoment({ stampedAt, pressed, onCompare }: { readonly stampedAt: string | undefined; readonly pressed: boolean; readonly onCompare: () => void }): ReactNode {
  const t = useText();
  const locale = useLocale();
  if (stampedAt === undefined) return null;
  return (
    <div className={styles.stamp}>
      <Seal key={String(pressed)} size={60} pressed={pressed} />
      <div>
        <p className={styles.stampWord} role="status">{pressed ? <strong>{t(ui.passed)} · </strong> : null}{t(phrase.stampedOn(dayOf(stampedAt, locale)))}</p>
        <button type="button" className="push" onClick={onCompare}>{t(ui.compare)}</button>
      </div>
    </div>
  );
}
