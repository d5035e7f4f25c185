import { type ComponentType, type KeyboardEvent, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Checks, type Grading } from '../checks';
import { Clock } from '../clock';
import { Comparison } from '../editor/comparison';
import { Editor, type EditorHandle } from '../editor';
import type { Lab } from '../lab/lab';
import { ClusterMap } from '../map';
import { keepCourse } from '../offline';
import { forgetCheckpoint } from '../progress/checkpoints';
import { readProgress } from '../progress/store';
import { useProgress } from '../progress/use-progress';
import { Terminal, type TerminalHandle } from '../terminal';
import { ui } from '../text/ui';
import { useLocale, useText } from '../text/use-text';
import { Traffic } from '../traffic';
import { Applied, type ApplyState } from './applied';
import { Notices } from './notices';
import { Panel, TabbedPanel } from './panel';
import type { FilePlace } from './protocol';
import type { Session } from './session';
import { StampMoment } from './stamp-moment';
import styles from './styles.module.css';
import { Task } from './task';
import { Toolbar } from './toolbar';
import { useCheckpoints } from './use-checkpoints';
import { useGrading } from './use-grading';
import { useOwnSession, useSession } from './use-session';
import { Workspace } from './workspace';

export interface BenchProps {
  readonly lab: Lab;
  readonly task: ComponentType | undefined;
  /** Where the cluster stood when the page was left. */
  readonly checkpoint: string | undefined;
  readonly onClose: () => void;
}

/** The lab bench: task and checks, editor and terminal, the cluster and its API requests, all on one session. */
export default function Bench({ lab, task, checkpoint, onClose }: BenchProps): ReactNode {
  const locale = useLocale();
  const [generation, setGeneration] = useState(0);
  const workspace = useMemo(() => new Workspace(lab.id, lab.files, readProgress().labs[lab.id]?.files), [lab]);
  useEffect(() => () => workspace.dispose(), [workspace]);
  const session = useOwnSession(
    () => ({ lab: lab.id, cluster: lab.cluster, files: workspace.state.files, locale, checkpoint: generation === 0 ? checkpoint : undefined }),
    generation,
  );
  useEffect(() => { if (session !== undefined) workspace.attach(session); }, [session, workspace]);
  const restart = useCallback(() => {
    void forgetCheckpoint(lab.id);
    setGeneration((current) => current + 1);
  }, [lab]);
  const reset = useCallback(() => {
    workspace.reset();
    restart();
  }, [workspace, restart]);
  if (session === undefined) return null;
  return <OpenBench key={generation} {...{ lab, task, session, workspace, restart, reset, onClose }} />;
}

interface OpenBenchProps extends Omit<BenchProps, 'checkpoint'> {
  readonly session: Session;
  readonly workspace: Workspace;
  readonly restart: () => void;
  readonly reset: () => void;
}

const noResults: Grading = { state: 'none' };

function OpenBench({ lab, task, session, workspace, restart, reset, onClose }: OpenBenchProps): ReactNode {
  const t = useText();
  const editor = useRef<EditorHandle>(null);
  const terminal = useRef<TerminalHandle>(null);
  const putCommand = useCallback((command: string) => terminal.current?.put(command), []);
  const [applied, setApplied] = useState<ApplyState>();
  const [comparing, setComparing] = useState(false);
  const { grading = noResults, grade, pressed } = useGrading(lab, session, workspace);
  const stamped = useProgress().labs[lab.id]?.stampedAt;
  const titles = useSession(session, (state) => state.checks);
  const ready = useSession(session, (state) => state.phase === 'ready');
  useCheckpoints(lab.id, session);
  useEffect(() => { if (ready) keepCourse(); }, [ready]);

  async function apply(path: string): Promise<void> {
    await workspace.save();
    const command = `kubectl apply -f ${path}`;
    setApplied({ command });
    setApplied({ command, result: await session.run(command) });
  }
  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
    event.preventDefault();
    grade();
  }
  const goTo = (place: FilePlace): void => editor.current?.goTo(place);
  const results = grading.state === 'done' ? grading.result.checks : undefined;
  return (
    <div className={styles.bench} onKeyDown={onKeyDown}>
      <Toolbar title={lab.title} onClose={onClose} onReset={reset} onImported={() => void workspace.take(readProgress().labs[lab.id]?.files ?? {})} grading={grading.state === 'running'} onGrade={grade} session={session}>
        <Clock session={session} />
      </Toolbar>
      <p className={`${styles.notice} ${styles.narrow}`}>{t(ui.wantsWide)}</p>
      <Notices session={session} onRestart={restart} />
      <div className={styles.columns}>
        <div className={styles.left}>
          <Panel title={t(ui.task)} className={styles.task}><Task lab={lab} text={task} onCommand={putCommand} /></Panel>
          <Panel title={t(ui.checks)} className={styles.checks}>
            <StampMoment stampedAt={stamped} pressed={pressed} onCompare={() => setComparing(true)} />
            <Checks titles={ready ? titles : undefined} grading={grading} onPlace={goTo} />
          </Panel>
        </div>
        <div className={styles.middle}>
          <section className={styles.editor} aria-label={t(ui.editor)}>
            <Editor handle={editor} session={session} workspace={workspace} checks={results ?? emptyChecks} onApply={(path) => void apply(path)} onGrade={grade} />
          </section>
          <Applied state={applied} session={session} workspace={workspace} onApply={(path) => void apply(path)} />
          <section className={styles.terminal} aria-label={t(ui.terminal)}><Terminal session={session} handle={terminal} label={`${t(ui.terminal)}. ${t(ui.leaveTerminal)}`} /></section>
        </div>
        <TabbedPanel
          className={styles.right ?? ''}
          tabs={[
            { id: 'map', title: t(ui.map), content: <ClusterMap session={session} /> },
            { id: 'traffic', title: t(ui.traffic), content: <Traffic session={session} /> },
          ]}
        />
      </div>
      {comparing ? <Comparison yours={workspace.state.files} solution={lab.solution} onClose={() => setComparing(false)} /> : null}
    </div>
  );
}

const emptyChecks: readonly never[] = [];
