import { type ReactNode, useSyncExternalStore } from 'react';
import { ui } from '../text/ui';
import { useText } from '../text/use-text';
import type { CommandResult } from './protocol';
import type { Session } from './session';
import styles from './styles.module.css';
import { useSession } from './use-session';
import type { Workspace } from './workspace';

/** The command that the save button ran, and what it said once it has ended. */
export interface ApplyState {
  readonly command: string;
  readonly result?: CommandResult;
}

/** Below the editor: apply every manifest, and what kubectl answered last. */
export function Applied({ state, session, workspace, onApply }: { readonly state: ApplyState | undefined; readonly session: Session; readonly workspace: Workspace; readonly onApply: (path: string) => void }): ReactNode {
  const t = useText();
  const ready = useSession(session, ({ phase }) => phase === 'ready');
  const { files, saving } = useSyncExternalStore(workspace.subscribe, () => workspace.state);
  const manifests = Object.keys(files).filter((path) => /\.ya?ml$/.test(path));
  return (
    <div className={styles.applied}>
      <button type="button" className="push" disabled={!ready || manifests.length === 0} title="Ctrl-S / ⌘S" onClick={() => onApply(manifests.length === 1 ? manifests[0] ?? '.' : '.')}>{t(ui.apply)}</button>
      <div className={styles.answer} role="status">
        {state === undefined ? <span className={styles.faint}>{saving ? '' : t(ui.saved)}</span> : (
          <>
            <code>$ {state.command}</code>
            {state.result === undefined ? null : <pre className={state.result.exitCode === 0 ? undefined : styles.wrong} tabIndex={0}>{state.result.output.trimEnd()}</pre>}
          </>
        )}
      </div>
      <span className={styles.keys}>{t(ui.leaveEditor)}</span>
    </div>
  );
}
