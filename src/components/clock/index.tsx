import type { ReactNode } from 'react';
import type { Speed } from '../bench/protocol';
import type { Session } from '../bench/session';
import { useSession } from '../bench/use-session';
import { ui } from '../text/ui';
import { useText } from '../text/use-text';
import styles from './styles.module.css';

const speeds: readonly Speed[] = [1, 10];

/** 1:02:03 of simulated time. */
export function elapsedText(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const tail = `${String(minutes).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
  return hours === 0 ? tail : `${hours}:${tail}`;
}

/** The cluster's own time: stopped, as fast as the reader's, ten times that, or request by request. */
export function Clock({ session }: { readonly session: Session }): ReactNode {
  const t = useText();
  const clock = useSession(session, (state) => state.clock);
  const disabled = useSession(session, (state) => state.phase !== 'ready');
  return (
    <div className={styles.clock} role="group" aria-label={t(ui.clock)}>
      <time className={styles.time} title={`${t(ui.elapsed)} ${clock.now}`}>
        <span className="visually-hidden">{t(ui.elapsed)} </span>
        {elapsedText(clock.elapsed)}
      </time>
      <button type="button" className="push" disabled={disabled} onClick={() => session.setClock({ paused: !clock.paused })}>{t(clock.paused ? ui.resume : ui.pause)}</button>
      {speeds.map((speed) => (
        <button key={speed} type="button" className="push" disabled={disabled} aria-label={`${t(ui.speed)} ×${speed}`} aria-pressed={clock.speed === speed && !clock.paused} onClick={() => session.setClock({ paused: false, speed })}>×{speed}</button>
      ))}
      <button type="button" className="push" disabled={disabled} onClick={() => session.step()}>{t(ui.step)}</button>
    </div>
  );
}
