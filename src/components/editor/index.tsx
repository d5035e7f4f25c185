import { useColorMode } from '@docusaurus/theme-common';
import { type KeyboardEvent, type ReactNode, type Ref, useEffect, useImperativeHandle, useRef, useState, useSyncExternalStore } from 'react';
import type { CheckResult, FilePlace } from '../bench/protocol';
import type { Session } from '../bench/session';
import { useEscapeHatch } from '../bench/use-escape-hatch';
import { useSession } from '../bench/use-session';
import type { Workspace } from '../bench/workspace';
import { ui } from '../text/ui';
import { useLocale, useText } from '../text/use-text';
import { loadMonaco } from './monaco';
import styles from './styles.module.css';
import type { EditorView } from './view';

export interface EditorHandle {
  goTo(place: FilePlace): void;
  focus(): void;
}

export interface EditorProps {
  readonly session: Session;
  readonly workspace: Workspace;
  readonly checks: readonly CheckResult[];
  readonly onApply: (path: string) => void;
  readonly onGrade: () => void;
  readonly handle: Ref<EditorHandle>;
}

function FileTabs({ paths, active, onSelect }: { readonly paths: readonly string[]; readonly active: string | undefined; readonly onSelect: (path: string) => void }): ReactNode {
  const t = useText();
  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined || active === undefined) return;
    const next = paths[(paths.indexOf(active) + step + paths.length) % paths.length];
    if (next === undefined) return;
    onSelect(next);
    event.currentTarget.querySelector<HTMLElement>(`[data-path="${CSS.escape(next)}"]`)?.focus();
  }
  return (
    <div className={styles.tabs} role="tablist" aria-label={t(ui.files)} onKeyDown={onKeyDown}>
      {paths.map((path) => (
        <button key={path} type="button" role="tab" data-path={path} className={styles.tab} aria-selected={path === active} aria-controls="bench-editor" tabIndex={path === active ? 0 : -1} onClick={() => onSelect(path)}>{path}</button>
      ))}
    </div>
  );
}

/** The learner's files. Ctrl/Cmd-S applies the shown one, Ctrl/Cmd-Enter grades, Esc then Tab leaves. */
export function Editor({ session, workspace, checks, onApply, onGrade, handle }: EditorProps): ReactNode {
  const t = useText();
  const locale = useLocale();
  const { colorMode } = useColorMode();
  const frame = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const { files } = useSyncExternalStore(workspace.subscribe, () => workspace.state);
  const paths = Object.keys(files);
  const [chosen, setChosen] = useState<string>();
  const [state, setState] = useState<'loading' | 'ready' | 'failed'>('loading');
  const [attempt, setAttempt] = useState(0);
  const ready = useSession(session, ({ phase }) => phase === 'ready');
  const active = chosen !== undefined && files[chosen] !== undefined ? chosen : paths[0];
  const actions = useRef({ onApply, onGrade, active });
  actions.current = { onApply, onGrade, active };
  useEscapeHatch(frame);

  useEffect(() => {
    let gone = false;
    setState('loading');
    Promise.all([loadMonaco(locale), import('./view')])
      .then(([, { openEditorView }]) => {
        if (gone || frame.current === null) return;
        view.current = openEditorView(frame.current, workspace, {
          label: `${t(ui.editor)}. ${t(ui.leaveEditor)}`,
          mode: colorMode,
          onApply: () => actions.current.active !== undefined && actions.current.onApply(actions.current.active),
          onGrade: () => actions.current.onGrade(),
        });
        setState('ready');
      })
      .catch(() => setState('failed'));
    return () => {
      gone = true;
      view.current?.dispose();
      view.current = undefined;
    };
  }, [workspace, attempt]);

  useEffect(() => {
    if (ready) void Promise.all([loadMonaco(locale), session.editorSchema()]).then(([{ setSchema }, schema]) => setSchema(schema, locale));
  }, [ready, session]);
  useEffect(() => view.current?.setTheme(colorMode), [colorMode]);
  useEffect(() => { if (active !== undefined) view.current?.show(active); }, [active, state]);
  useEffect(() => view.current?.mark(checks, (check) => [check.title, check.expected, check.found].flatMap((text) => (text === undefined ? [] : [t(text)])).join('\n')), [checks, state]);
  useImperativeHandle(handle, () => ({
    goTo: (place) => {
      setChosen(place.file);
      view.current?.goTo(place);
    },
    focus: () => view.current?.focus(),
  }), []);

  return (
    <div className={styles.editor}>
      <FileTabs paths={paths} active={active} onSelect={setChosen} />
      <div className={styles.frame} id="bench-editor" role="tabpanel" aria-label={active ?? t(ui.editor)}>
        <div ref={frame} className={styles.surface} />
        {state === 'loading' ? <p className={styles.note} role="status">{t(ui.loading)}</p> : null}
        {state === 'failed' ? <p className={styles.note} role="alert">{t(ui.offlineLoad)} <button type="button" className="push" onClick={() => setAttempt(attempt + 1)}>{t(ui.retry)}</button></p> : null}
        {state === 'ready' && paths.length === 0 ? <p className={styles.note}>{t(ui.noFiles)}</p> : null}
      </div>
    </div>
  );
}
