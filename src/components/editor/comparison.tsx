import { useColorMode } from '@docusaurus/theme-common';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { Files } from '../bench/protocol';
import { ui } from '../text/ui';
import { useLocale, useText } from '../text/use-text';
import { loadMonaco } from './monaco';
import styles from './comparison.module.css';
import { editorTheme } from './themes';

interface ComparisonProps {
  readonly yours: Files;
  readonly solution: Files;
  readonly onClose: () => void;
}

/** The learner's files beside one right answer. */
export function Comparison({ yours, solution, onClose }: ComparisonProps): ReactNode {
  const t = useText();
  const locale = useLocale();
  const { colorMode } = useColorMode();
  const dialog = useRef<HTMLDialogElement>(null);
  const surface = useRef<HTMLDivElement>(null);
  const paths = Object.keys(solution).sort();
  const [path, setPath] = useState(paths[0] ?? '');
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    let end = (): void => undefined;
    let gone = false;
    void loadMonaco(locale).then(({ monaco }) => {
      if (gone || surface.current === null) return;
      const original = monaco.editor.createModel(yours[path] ?? '', 'yaml', monaco.Uri.parse('comparison:/yours'));
      const modified = monaco.editor.createModel(solution[path] ?? '', 'yaml', monaco.Uri.parse('comparison:/solution'));
      const editor = monaco.editor.createDiffEditor(surface.current, { automaticLayout: true, fontFamily: '"Dojang Mono", monospace', fontSize: 13, readOnly: true, originalEditable: false, minimap: { enabled: false }, theme: editorTheme(colorMode), originalAriaLabel: t(ui.yours), modifiedAriaLabel: t(ui.solution), scrollBeyondLastLine: false });
      editor.setModel({ original, modified });
      end = () => {
        editor.dispose();
        original.dispose();
        modified.dispose();
      };
    });
    return () => {
      gone = true;
      end();
    };
  }, [path]);
  return (
    <dialog ref={dialog} className={styles.comparison} aria-label={t(ui.compare)} onClose={onClose}>
      <header className={styles.head}>
        <strong>{t(ui.compare)}</strong>
        <div className={styles.paths}>
          {paths.map((name) => <button key={name} type="button" className="push" aria-pressed={name === path} onClick={() => setPath(name)}>{name}</button>)}
        </div>
        <button type="button" className="push" onClick={() => dialog.current?.close()}>{t(ui.close)}</button>
      </header>
      <div className={styles.titles}><span>{t(ui.yours)}</span><span>{t(ui.solution)}</span></div>
      <div ref={surface} className={styles.surface} />
    </dialog>
  );
}
