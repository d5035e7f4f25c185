import { type ReactNode, type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react';
import { useColorMode } from '@docusaurus/theme-common';
import { useEscapeHatch } from '../bench/use-escape-hatch';
import type { Session } from '../bench/session';
import { useSession } from '../bench/use-session';
import { phrase, ui } from '../text/ui';
import { useText } from '../text/use-text';
import styles from './styles.module.css';
import { terminalTheme } from './theme';
import type { TerminalView } from './view';

/** What other parts of the page may do with a terminal. */
export interface TerminalHandle {
  /** Puts a command at the prompt, in place of what was being typed, and runs it. Waits for the shell if need be. */
  enter(command: string): void;
  /** Puts a command at the prompt, for the learner to run. */
  put(command: string): void;
}

/** Clears the line at the prompt. */
const clearLine = '\x15';

/** A shell on the workstation. Everything a shell does (line editing, history, completion) happens there. */
export function Terminal({ session, label, handle }: { readonly session: Session; readonly label?: string; readonly handle?: Ref<TerminalHandle> | undefined }): ReactNode {
  const t = useText();
  const { colorMode } = useColorMode();
  const frame = useRef<HTMLDivElement>(null);
  const view = useRef<TerminalView>(undefined);
  const phase = useSession(session, (state) => state.phase);
  const ready = phase === 'ready';
  const waiting = useRef('');
  const [generation, setGeneration] = useState(0);
  const [ended, setEnded] = useState<number>();
  const [broken, setBroken] = useState(false);
  const name = label ?? t(ui.terminal);
  useEscapeHatch(frame);

  useEffect(() => {
    const element = frame.current;
    if (!ready || element === null) return undefined;
    let gone = false;
    setEnded(undefined);
    setBroken(false);
    import('./view')
      .then(async ({ openTerminalView }) => {
        if (gone) return;
        const opened = await openTerminalView(element, session, { label: name, theme: terminalTheme(colorMode), onEnd: setEnded });
        if (gone) opened.dispose();
        else {
          view.current = opened;
          if (waiting.current !== '') opened.type(waiting.current);
          waiting.current = '';
        }
      })
      .catch(() => setBroken(true));
    return () => {
      gone = true;
      view.current?.dispose();
      view.current = undefined;
    };
    // Colours change without a new shell, below.
  }, [ready, session, generation]);

  useImperativeHandle(handle, () => {
    const type = (text: string): void => {
      if (view.current === undefined) waiting.current = text;
      else view.current.type(text);
    };
    return { enter: (command) => type(`${clearLine}${command}\r`), put: (command) => type(`${clearLine}${command}`) };
  }, []);
  useEffect(() => view.current?.setTheme(terminalTheme(colorMode)), [colorMode]);

  return (
    <div className={styles.terminal}>
      {phase === 'starting' ? <p className={styles.waiting} role="status">{t(ui.starting)}…</p> : null}
      <div ref={frame} className={styles.screen} />
      {broken ? <p className={styles.ended} role="alert">{t(ui.offlineLoad)} <button type="button" className="push" onClick={() => setGeneration(generation + 1)}>{t(ui.retry)}</button></p> : null}
      {ended === undefined ? null : (
        <p className={styles.ended} role="status">
          {t(ui.terminalClosed)} ({t(phrase.exitCode(ended))}) <button type="button" className="push" onClick={() => setGeneration(generation + 1)}>{t(ui.newShell)}</button>
        </p>
      )}
    </div>
  );
}
