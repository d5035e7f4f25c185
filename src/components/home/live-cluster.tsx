import { type ReactNode, useEffect, useState } from 'react';
import { Clock } from '../clock';
import { ClusterMap } from '../map';
import { Notices } from '../bench/notices';
import type { CommandResult } from '../bench/protocol';
import type { Session } from '../bench/session';
import { useOwnSession, useSession } from '../bench/use-session';
import { Traffic } from '../traffic';
import { ui } from '../text/ui';
import { useLocale, useText } from '../text/use-text';
import { manifest } from './manifest';
import styles from './styles.module.css';

/** Wall milliseconds that the empty cluster is shown before anything happens to it. */
const before = 900;

function Scene({ session, onRestart }: { readonly session: Session; readonly onRestart: () => void }): ReactNode {
  const t = useText();
  const ready = useSession(session, ({ phase }) => phase === 'ready');
  const [said, setSaid] = useState<{ readonly command: string; readonly result?: CommandResult }>();
  async function run(command: string): Promise<void> {
    setSaid({ command });
    setSaid({ command, result: await session.run(command) });
  }
  useEffect(() => {
    if (!ready) return undefined;
    const timer = setTimeout(() => void run('kubectl apply -f hall.yaml'), before);
    return () => clearTimeout(timer);
  }, [ready]);
  return (
    <div className={styles.scene}>
      <div className={styles.sceneHead}><strong>{t(ui.map)}</strong><Clock session={session} /></div>
      <Notices session={session} onRestart={onRestart} />
      <pre className={styles.command} role="status">
        {said === undefined ? '$ ' : `$ ${said.command}\n${said.result?.output.trimEnd() ?? ''}`}
      </pre>
      <div className={styles.sceneMap} tabIndex={0} role="group" aria-label={t(ui.map)}>
        <ClusterMap session={session} onDelete={(pod) => void run(`kubectl delete pod ${pod.name} --wait=false`)} />
      </div>
      <details className={styles.traffic}><summary>{t(ui.traffic)}</summary><div className={styles.trafficList} tabIndex={0} role="group" aria-label={t(ui.traffic)}><Traffic session={session} /></div></details>
    </div>
  );
}

/** A real cluster that runs while the reader looks: a Deployment is applied, its Pods go to nodes, and can be deleted. */
export default function LiveCluster(): ReactNode {
  const locale = useLocale();
  const [generation, setGeneration] = useState(0);
  const session = useOwnSession(() => ({ lab: undefined, cluster: { nodes: 2, seed: 7, manifests: [] }, files: { 'hall.yaml': manifest }, locale }), generation);
  return session === undefined ? null : <Scene key={generation} session={session} onRestart={() => setGeneration(generation + 1)} />;
}
