import { type ReactNode, useEffect, useState } from 'react';
import { ui } from './text/ui';
import { useText } from './text/use-text';

export interface OnDemandProps<T> {
  /** A dynamic import: the file is fetched when this is first drawn. The same function every time. */
  readonly load: () => Promise<T>;
  readonly fallback: ReactNode;
  readonly onClose?: () => void;
  readonly children: (module: T) => ReactNode;
}

/** A part of the page whose code comes when it is needed. When it cannot be had (no network), it says so and can be asked for again. */
export function OnDemand<T>({ load, fallback, onClose, children }: OnDemandProps<T>): ReactNode {
  const t = useText();
  const [attempt, setAttempt] = useState(0);
  const [state, setState] = useState<{ readonly module?: T; readonly failed: boolean }>({ failed: false });
  useEffect(() => {
    let gone = false;
    setState({ failed: false });
    load().then((module) => { if (!gone) setState({ module, failed: false }); }, () => { if (!gone) setState({ failed: true }); });
    return () => {
      gone = true;
    };
  }, [load, attempt]);
  if (state.module !== undefined) return children(state.module);
  if (!state.failed) return fallback;
  return (
    <div className="trouble" role="alert">
      <p>{t(ui.offlineLoad)}</p>
      <button type="button" className="push" onClick={() => setAttempt(attempt + 1)}>{t(ui.retry)}</button>{' '}
      {onClose === undefined ? null : <button type="button" className="push" onClick={onClose}>{t(ui.close)}</button>}
    </div>
  );
}
