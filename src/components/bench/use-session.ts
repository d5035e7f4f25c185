import { useEffect, useState, useSyncExternalStore } from 'react';
import { Session, type SessionOptions, type SessionState } from './session';

/** A session that lives as long as the component; a new `generation` ends the old one and starts afresh. */
export function useOwnSession(options: () => SessionOptions, generation: number): Session | undefined {
  const [current, setCurrent] = useState<{ readonly session: Session; readonly generation: number }>();
  useEffect(() => {
    const own = new Session(options());
    setCurrent({ session: own, generation });
    return () => own.dispose();
    // The options are those of the moment of the start.
  }, [generation]);
  return current?.generation === generation ? current.session : undefined;
}

/** One slice of the session's state. The selector must give the same value for the same state. */
export function useSession<T>(session: Session, select: (state: SessionState) => T): T {
  return useSyncExternalStore(session.subscribe, () => select(session.state));
}
