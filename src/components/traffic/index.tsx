import { Fragment, type ReactNode, useMemo, useState } from 'react';
import type { TrafficEntry } from '../bench/protocol';
import type { Session } from '../bench/session';
import { useSession } from '../bench/use-session';
import { phrase, ui } from '../text/ui';
import { useText } from '../text/use-text';
import styles from './styles.module.css';

/** Rows drawn at once, newest first. */
const shown = 150;
const reads: ReadonlySet<string> = new Set(['get', 'list', 'watch']);

/** 00:12.345 of simulated time. */
function timeOf(at: number): string {
  const minutes = Math.floor(at / 60_000);
  return `${String(minutes).padStart(2, '0')}:${((at % 60_000) / 1000).toFixed(3).padStart(6, '0')}`;
}

/** A path that may be broken before its slashes and its query, rather than anywhere. */
function breakable(path: string): ReactNode {
  return path.split(/(?=[/?&])/).map((part, index) => <Fragment key={index}>{index === 0 ? null : <wbr />}{part}</Fragment>);
}

function Row({ entry }: { readonly entry: TrafficEntry }): ReactNode {
  return (
    <tr className={entry.code >= 400 ? styles.refused : undefined}>
      <td>{timeOf(entry.at)}</td>
      <td title={entry.user}>{entry.user.replace(/^system:(serviceaccount:kube-system:)?/, '')}</td>
      <td>{entry.verb}</td>
      <td title={entry.path}>{breakable(entry.path)}</td>
      <td>{entry.code}</td>
    </tr>
  );
}

/** Who asked the API server for what, newest first. */
export function Traffic({ session }: { readonly session: Session }): ReactNode {
  const t = useText();
  const traffic = useSession(session, (state) => state.traffic);
  const dropped = useSession(session, (state) => state.droppedTraffic);
  const [writesOnly, setWritesOnly] = useState(true);
  const [user, setUser] = useState('');
  const users = useMemo(() => [...new Set(traffic.map((entry) => entry.user))].sort(), [traffic]);
  const rows = useMemo(
    () => traffic.filter((entry) => (!writesOnly || !reads.has(entry.verb)) && (user === '' || entry.user === user)).slice(-shown).reverse(),
    [traffic, writesOnly, user],
  );
  return (
    <div className={styles.traffic}>
      <div className={styles.filters}>
        <label className={styles.who}>
          <span>{t(ui.who)}</span>
          <select value={user} onChange={(event) => setUser(event.target.value)}>
            <option value="">{t(ui.everyone)}</option>
            {users.map((name) => <option key={name} value={name}>{name}</option>)}
          </select>
        </label>
        <label><input type="checkbox" checked={writesOnly} onChange={(event) => setWritesOnly(event.target.checked)} /> {t(ui.writesOnly)}</label>
      </div>
      {rows.length === 0 ? <p className={styles.empty}>{t(ui.noTraffic)}</p> : (
        <table className={styles.table}>
          <caption className="visually-hidden">{t(ui.traffic)}</caption>
          <thead><tr>{[ui.time, ui.who, ui.verb, ui.path, ui.code].map((title) => <th key={title.en} scope="col">{t(title)}</th>)}</tr></thead>
          <tbody>{rows.map((entry) => <Row key={entry.id} entry={entry} />)}</tbody>
        </table>
      )}
      {dropped === 0 ? null : <p className={styles.empty}>{t(phrase.dropped(dropped))}</p>}
    </div>
  );
}
