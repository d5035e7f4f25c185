import { type KeyboardEvent, type ReactNode, useId, useState } from 'react';
import styles from './styles.module.css';

/** A titled part of the bench that scrolls by itself. */
export function Panel({ title, className, children }: { readonly title: string; readonly className?: string | undefined; readonly children: ReactNode }): ReactNode {
  const id = useId();
  return (
    <section className={`${styles.panel} ${className ?? ''}`} aria-labelledby={id}>
      <h2 id={id} className={styles.panelTitle}>{title}</h2>
      {/* Scrolls, so the keyboard must be able to reach it. */}
      <div className={styles.panelBody} tabIndex={0} role="group" aria-labelledby={id}>{children}</div>
    </section>
  );
}

export interface TabContent {
  readonly id: string;
  readonly title: string;
  readonly content: ReactNode;
}

/** Several parts in one place, one shown; arrow keys move between the tabs. */
export function TabbedPanel({ tabs, className }: { readonly tabs: readonly TabContent[]; readonly className: string }): ReactNode {
  const id = useId();
  const [shown, setShown] = useState(tabs[0]?.id);
  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const index = tabs.findIndex((tab) => tab.id === shown);
    const next = tabs[(index + step + tabs.length) % tabs.length];
    setShown(next?.id);
    document.getElementById(`${id}-${next?.id ?? ''}`)?.focus();
  }
  return (
    <section className={`${styles.panel} ${className}`}>
      <div className={styles.panelTabs} role="tablist" onKeyDown={onKeyDown}>
        {tabs.map((tab) => (
          <button key={tab.id} id={`${id}-${tab.id}`} type="button" role="tab" className={styles.panelTab} aria-selected={tab.id === shown} aria-controls={`${id}-${tab.id}-panel`} tabIndex={tab.id === shown ? 0 : -1} onClick={() => setShown(tab.id)}>{tab.title}</button>
        ))}
      </div>
      {tabs.map((tab) => (
        <div key={tab.id} id={`${id}-${tab.id}-panel`} role="tabpanel" aria-labelledby={`${id}-${tab.id}`} className={styles.panelBody} hidden={tab.id !== shown} tabIndex={0}>
          {tab.id === shown ? tab.content : null}
        </div>
      ))}
    </section>
  );
}
