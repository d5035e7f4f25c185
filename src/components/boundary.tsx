import ErrorBoundary from '@docusaurus/ErrorBoundary';
import type { ReactNode } from 'react';
import { ui } from './text/ui';
import { useText } from './text/use-text';

function Broken({ error, retry, onClose }: { readonly error: Error; readonly retry: () => void; readonly onClose: (() => void) | undefined }): ReactNode {
  const t = useText();
  return (
    <div role="alert" style={{ padding: '1rem' }}>
      <p>{t(ui.broken)}.</p>
      <pre>{error.message}</pre>
      <button type="button" className="push" onClick={retry}>{t(ui.retry)}</button>{' '}
      {onClose === undefined ? null : <button type="button" className="push" onClick={onClose}>{t(ui.close)}</button>}
    </div>
  );
}

/** Keeps a fault in one part from taking the page with it. */
export function Boundary({ children, onClose }: { readonly children: ReactNode; readonly onClose?: () => void }): ReactNode {
  return <ErrorBoundary fallback={({ error, tryAgain }) => <Broken error={error} retry={tryAgain} onClose={onClose} />}>{children}</ErrorBoundary>;
}
