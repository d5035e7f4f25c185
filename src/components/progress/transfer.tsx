import { type ChangeEvent, type ReactNode, useRef, useState } from 'react';
import type { Text } from '../text/text';
import { ui } from '../text/ui';
import { useText } from '../text/use-text';
import { mergeProgress, parseProgress, readProgress } from './store';

/** A progress file larger than this is none of ours. */
const largestImport = 20_000_000;

function download(): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(readProgress(), undefined, 2)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'kube-dojang-progress.json';
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** Buttons that take the progress to another machine and bring it back. */
export function Transfer({ onImported }: { readonly onImported?: () => void }): ReactNode {
  const t = useText();
  const input = useRef<HTMLInputElement>(null);
  const [message, setMessage] = useState<Text>();

  async function take(event: ChangeEvent<HTMLInputElement>): Promise<void> {
    const file = event.target.files?.[0];
    event.target.value = '';
    if (file === undefined) return;
    const progress = file.size > largestImport ? undefined : parseProgress(await file.text());
    if (progress !== undefined) mergeProgress(progress);
    setMessage(progress === undefined ? ui.importFailed : ui.imported);
    if (progress !== undefined) onImported?.();
  }

  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: '0.3rem' }}>
      <button type="button" className="push" onClick={download}>{t(ui.export)}</button>
      <button type="button" className="push" onClick={() => input.current?.click()}>{t(ui.import)}</button>
      <input ref={input} type="file" accept="application/json,.json" hidden aria-label={t(ui.import)} onChange={(event) => void take(event)} />
      <span role="status">{message === undefined ? '' : t(message)}</span>
    </span>
  );
}
