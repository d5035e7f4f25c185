import { type ReactNode, useSyncExternalStore } from 'react';
import { useStorageRefused } from '../progress/use-progress';
import { ui } from '../text/ui';
import { useText } from '../text/use-text';
import type { Session } from './session';
import styles from './styles.module.css';
import { useSession } from './use-session';

function subscribeOnline(listener: () => void): () => void {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
}

/** False while the browser knows that it has no network. */
export function useOnline(): boolean {
  return useSyncExternalStore(subscribeOnline, () => navigator.onLine, () => true);
}

/** What the reader should know about the cluster itself: failed, stopped, offline, not saved. That it starts is said where it will be: in the map, in the terminal. */
export function Notices({ session, onRestart }: { readonly session: Session; readonly onRestart: () => void }): ReactNode {
  const t = useText();
  const online = useOnline();
  const refused = useStorageRefused();
  const phase = useSession(session, (state) => state.phase);
  const problem = useSession(session, (state) => state.problem);
  return (
    <>
      {phase === 'failed' || phase === 'crashed' ? (
        <div className={`${styles.notice} ${styles.trouble}`} role="alert">
          <p>
            <strong>{t(phase === 'failed' ? ui.failedToStart : ui.crashed)}.</strong> {online ? t(ui.crashedHelp) : t(ui.offlineLoad)}
            <code className={styles.problem}>{problem}</code>
          </p>
          <button type="button" className="push" onClick={onRestart}>{t(ui.restartCluster)}</button>
        </div>
      ) : null}
      {online ? null : <p className={styles.notice} role="status">{t(ui.offline)}</p>}
      {refused ? <p className={`${styles.notice} ${styles.trouble}`} role="alert">{t(ui.notSaved)}</p> : null}
    </>
  );
}
