import { labs } from '@generated/kube-dojang-labs/default/labs.mjs';
import { type ComponentType, lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { Boundary } from '../boundary';
import { readCheckpoint } from '../progress/checkpoints';
import type { Locale } from '../text/text';
import { ui } from '../text/ui';
import { useLocale, useText } from '../text/use-text';
import type { Lab } from './lab';
import styles from './styles.module.css';

const Bench = lazy(() => import('../bench'));

interface Loaded {
  readonly lab: Lab;
  readonly task: ComponentType | undefined;
  readonly checkpoint: string | undefined;
}

async function load(id: string, locale: Locale): Promise<Loaded> {
  const entry = labs[id];
  if (entry === undefined) throw new Error(`no lab ${id}`);
  const [lab, task, checkpoint] = await Promise.all([entry.lab(), (locale === 'ko' ? entry.ko : entry.en)?.(), readCheckpoint(id)]);
  return { lab: lab.default, task: task?.default, checkpoint };
}

/** The bench over the whole page. What lies below cannot be reached until it is closed; focus returns to where it was. */
export default function LabLayer({ id, title, onClose }: { readonly id: string; readonly title: string; readonly onClose: () => void }): ReactNode {
  const t = useText();
  const locale = useLocale();
  const layer = useRef<HTMLDivElement>(null);
  const [loaded, setLoaded] = useState<Loaded>();
  const [failed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const page = document.getElementById('__docusaurus');
    const focused = document.activeElement;
    page?.setAttribute('inert', '');
    document.documentElement.classList.add(styles.still ?? '');
    layer.current?.focus();
    return () => {
      page?.removeAttribute('inert');
      document.documentElement.classList.remove(styles.still ?? '');
      if (focused instanceof HTMLElement) focused.focus();
    };
  }, []);
  useEffect(() => {
    setFailed(false);
    load(id, locale).then(setLoaded, () => setFailed(true));
  }, [id, locale, attempt]);
  const waiting = <p className={styles.waiting} role="status">{t(ui.loading)}…</p>;
  return createPortal(
    <div ref={layer} className={styles.layer} role="dialog" aria-modal="true" aria-label={`${t(ui.lab)}: ${title}`} tabIndex={-1}>
      {failed ? (
        <div className={styles.waiting} role="alert">
          <p>{t(ui.offlineLoad)}</p>
          <button type="button" className="push" onClick={() => setAttempt(attempt + 1)}>{t(ui.retry)}</button> <button type="button" className="push" onClick={onClose}>{t(ui.close)}</button>
        </div>
      ) : null}
      {failed || loaded !== undefined ? null : waiting}
      {loaded === undefined ? null : (
        <Boundary onClose={onClose}><Suspense fallback={waiting}><Bench {...loaded} onClose={onClose} /></Suspense></Boundary>
      )}
    </div>,
    document.body,
  );
}
