import { MDXProvider } from '@mdx-js/react';
import MDXContent from '@theme/MDXContent';
import { type ComponentType, type ReactNode, useMemo } from 'react';
import type { Lab } from '../lab/lab';
import { updateLab } from '../progress/store';
import { useProgress } from '../progress/use-progress';
import { Inline } from '../text/inline';
import { phrase, ui } from '../text/ui';
import { useText } from '../text/use-text';
import { Command } from './command';
import styles from './styles.module.css';

type OnCommand = (command: string) => void;

function Hints({ lab, onCommand }: { readonly lab: Lab; readonly onCommand: OnCommand }): ReactNode {
  const t = useText();
  const shown = Math.min(useProgress().labs[lab.id]?.hints ?? 0, lab.hints.length);
  if (lab.hints.length === 0) return null;
  const more = (): void => updateLab(lab.id, (progress) => ({ ...progress, hints: shown + 1 }));
  return (
    <>
      <h3>{t(ui.hints)}</h3>
      <ol className={styles.hints} aria-live="polite">
        {lab.hints.slice(0, shown).map((hint) => <li key={hint.en}><Inline text={t(hint)} code={(code) => <Command text={code} onCommand={onCommand} />} /></li>)}
      </ol>
      <p className={styles.hintRow}>
        <button type="button" className="push" disabled={shown === lab.hints.length} onClick={more}>{t(ui.nextHint)}</button>
        <span>{t(phrase.hintsShown(shown, lab.hints.length))}</span>
      </p>
    </>
  );
}

export interface TaskProps {
  readonly lab: Lab;
  readonly text: ComponentType | undefined;
  /** A command of the text was pressed. */
  readonly onCommand: OnCommand;
}

/** What is to be done, in which order, and hints one at a time. Commands in it go to the terminal. */
export function Task({ lab, text: TaskText, onCommand }: TaskProps): ReactNode {
  const t = useText();
  const components = useMemo(() => ({ code: ({ children }: { readonly children?: ReactNode }) => (typeof children === 'string' ? <Command text={children} onCommand={onCommand} /> : <code>{children}</code>) }), [onCommand]);
  return (
    <div className={`markdown ${styles.taskText}`}>
      {TaskText === undefined ? <p><Inline text={t(lab.summary)} /></p> : <MDXContent><MDXProvider components={components}><TaskText /></MDXProvider></MDXContent>}
      {lab.steps.length === 0 ? null : (
        <>
          <h3>{t(ui.steps)}</h3>
          <ol>{lab.steps.map((step) => <li key={step.en}><Inline text={t(step)} code={(code) => <Command text={code} onCommand={onCommand} />} /></li>)}</ol>
        </>
      )}
      <Hints lab={lab} onCommand={onCommand} />
    </div>
  );
}
