import { useCallback, useEffect, useRef, useState } from 'react';
import type { Grading } from '../checks';
import type { Lab } from '../lab/lab';
import { readProgress, updateLab } from '../progress/store';
import type { Session } from './session';
import type { Workspace } from './workspace';

/** Grades what the learner has; the first pass presses the stamp. One grading at a time. */
export function useGrading(lab: Lab, session: Session, workspace: Workspace): { readonly grading: Grading; readonly grade: () => void; readonly pressed: boolean } {
  const [grading, setGrading] = useState<Grading>({ state: 'none' });
  const [pressed, setPressed] = useState(false);
  const running = useRef(false);
  const alive = useRef(true);
  useEffect(() => {
    alive.current = true;
    return () => {
      alive.current = false;
    };
  }, []);

  const run = useCallback(async (): Promise<void> => {
    if (running.current || session.state.phase !== 'ready') return;
    running.current = true;
    setGrading({ state: 'running' });
    try {
      await workspace.save();
      const result = await session.grade(workspace.state.files);
      if (!alive.current) return;
      setGrading({ state: 'done', result });
      setPressed(result.passed);
      if (result.passed && readProgress().labs[lab.id]?.stampedAt === undefined) {
        updateLab(lab.id, (progress) => ({ ...progress, files: workspace.state.files, stampedAt: new Date().toISOString() }));
      }
    } catch (error) {
      if (alive.current) setGrading({ state: 'error', message: error instanceof Error ? error.message : String(error) });
    } finally {
      running.current = false;
    }
  }, [lab, session, workspace]);
  return { grading, grade: useCallback(() => void run(), [run]), pressed };
}
