import { useLocation } from '@docusaurus/router';
import { type ReactNode, useRef, useState } from 'react';
import { OnDemand } from '../on-demand';
import { ui } from '../text/ui';
import { useText } from '../text/use-text';
import type { TerminalHandle } from '../terminal';
import styles from './styles.module.css';

const loadCluster = () => import('./cluster');

export interface LiveProps {
  /** The lab whose cluster and first files the lesson speaks of. */
  readonly lab: string;
  /** Commands to try, in the order in which the lesson needs them. */
  readonly run: readonly string[];
}

/** A terminal in a lesson, on a cluster in the state that the text speaks of: the first command that is pressed starts it. */
export function Live({ lab, run }: LiveProps): ReactNode {
  const t = useText();
  const [first, setFirst] = useState<string>();
  const terminal = useRef<TerminalHandle>(null);
  // One cluster at a time: a lab that opens takes this one's place.
  const covered = new URLSearchParams(useLocation().search).has('lab');
  const running = first !== undefined && !covered;
  return (
    <section className={styles.live} aria-label={t(ui.tryHere)}>
      <div className={styles.head}>
        <p className={styles.title}>{t(ui.tryHere)}</p>
        <ul className={styles.commands}>
          {run.map((command) => (
            <li key={command}><button type="button" className={styles.command} onClick={() => (running ? terminal.current?.enter(command) : setFirst(command))}><code>{command}</code></button></li>
          ))}
        </ul>
      </div>
      {running ? (
        <OnDemand load={loadCluster} fallback={<p className={styles.waiting} role="status">{t(ui.loading)}…</p>} onClose={() => setFirst(undefined)}>
          {({ default: LiveCluster }) => <LiveCluster lab={lab} first={first} terminal={terminal} />}
        </OnDemand>
      ) : <p className={styles.waiting}>{t(ui.tryHint)}</p>}
    </section>
  );
}
