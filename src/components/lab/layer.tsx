import { labs } from '@generated/kube-dojang-labs/default/labs.mjs';
import { type ComponentType, type ReactNode, type RefObject, useCallback, useEffect, useRef } from 'react';
import { createPortal } from 'react-dom';
import { Boundary } from '../boundary';
import { OnDemand } from '../on-demand';
import { readCheckpoint } from '../progress/checkpoints';
import type { Locale } from '../text/text';
import { ui } from '../text/ui';
import { useLocale, useText } from '../text/use-text';
import type { Lab } from './lab';
import styles from './styles.module.css';

interface Loaded {
  readonly Bench: typeof import('../bench')['default'];
  readonly lab: Lab;
  readonly task: ComponentType | undefined;
  readonly checkpoint: string | undefined;
}

async function load(id: string, locale: Locale): Promise<Loaded> {
  const entry = labs[id];
  if (entry === undefined) throw new Error(`no lab ${id}`);
  const [bench, lab, task, checkpoint] = await Promise.all([import('../bench'), entry.lab(), (locale === 'ko' ? entry.ko : entry.en)?.(), readCheckpoint(id)]);
  return { Bench: bench.default, lab: lab.default, task: task?.default, checkpoint };
}

export interface LabLayerProps {
  readonly id: string;
  readonly title: string;
  /** What has the focus once the lab is closed. */
  readonly opener: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
}

/** The bench over the whole page. What lies below cannot be reached until it is closed. */
export default function LabLayer({ id, title, opener, onClose }: LabLayerProps): ReactNode {
  const t = useText();
  const locale = useLocale();
  const layer = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const page = document.getElementById('__docusaurus');
    page?.setAttribute('inert', '');
    document.documentElement.classList.add(styles.still ?? '');
    layer.current?.focus();
    return () => {
      page?.removeAttribute('inert');
      document.documentElement.classList.remove(styles.still ?? '');
      opener.current?.focus();
    };
  }, [opener]);
  const loadThis = useCallback(() => load(id, locale), [id, locale]);
  return createPortal(
    <div ref={layer} className={styles.layer} role="dialog" aria-modal="true" aria-label={`${t(ui.lab)}: ${title}`} tabIndex={-1}>
      <OnDemand load={loadThis} fallback={<p className={styles.waiting} role="status">{t(ui.loading)}…</p>} onClose={onClose}>
        {({ Bench, ...loaded }) => <Boundary onClose={onClose}><Bench {...loaded} onClose={onClose} /></Boundary>}
      </OnDemand>
    </div>,
    document.body,
  );
}
