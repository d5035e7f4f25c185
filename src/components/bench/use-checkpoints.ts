import { useEffect } from 'react';
import { writeCheckpoint } from '../progress/checkpoints';
import type { Session } from './session';

/** Milliseconds between two checkpoints of an open cluster. */
const interval = 2_000;

/** Keeps where the cluster stands, so that a reload goes on from there. */
export function useCheckpoints(lab: string, session: Session): void {
  useEffect(() => {
    let last: string | undefined;
    const keep = async (): Promise<void> => {
      if (session.state.phase !== 'ready') return;
      const checkpoint = await session.checkpoint();
      if (checkpoint === undefined || checkpoint === last) return;
      last = checkpoint;
      await writeCheckpoint(lab, checkpoint);
    };
    const timer = setInterval(() => void keep(), interval);
    const onHide = (): void => void keep();
    document.addEventListener('visibilitychange', onHide);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', onHide);
    };
  }, [lab, session]);
}
