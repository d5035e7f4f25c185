import { labs } from '@generated/kube-dojang-labs/default/labs.mjs';
import { type ReactNode, type RefObject, useCallback, useEffect, useState } from 'react';
import { Notices } from '../bench/notices';
import { useOwnSession } from '../bench/use-session';
import type { Session } from '../bench/session';
import type { Lab } from '../lab/lab';
import { keepCourse } from '../offline';
import { OnDemand } from '../on-demand';
import { Terminal, type TerminalHandle } from '../terminal';
import { ui } from '../text/ui';
import { useLocale, useText } from '../text/use-text';
import styles from './styles.module.css';

interface LiveClusterProps {
  readonly lab: string;
  /** What runs as soon as there is a shell. */
  readonly first: string;
  readonly terminal: RefObject<TerminalHandle | null>;
}

function Shell({ session, first, terminal, onRestart }: Omit<LiveClusterProps, 'lab'> & { readonly session: Session; readonly onRestart: () => void }): ReactNode {
  const t = useText();
  useEffect(() => terminal.current?.enter(first), []);
  useEffect(keepCourse, []);
  return (
    <>
      <Notices session={session} onRestart={onRestart} />
      <div className={styles.screen}>
        <Terminal session={session} handle={terminal} label={`${t(ui.terminal)}. ${t(ui.leaveTerminal)}`} />
      </div>
    </>
  );
}

function Started({ lab, ...shell }: Omit<LiveClusterProps, 'lab'> & { readonly lab: Lab }): ReactNode {
  const locale = useLocale();
  const [generation, setGeneration] = useState(0);
  const session = useOwnSession(
    () => ({ lab: undefined, cluster: { ...lab.cluster, manifests: [...lab.cluster.manifests, ...Object.values(lab.files)] }, files: lab.files, locale }),
    generation,
  );
  return session === undefined ? null : <Shell key={generation} {...shell} session={session} onRestart={() => setGeneration(generation + 1)} />;
}

/** The cluster of a lab as its learner finds it, the first files applied, with a shell and nothing else. */
export default function LiveCluster({ lab, ...shell }: LiveClusterProps): ReactNode {
  const t = useText();
  const load = useCallback(async () => {
    const entry = labs[lab];
    if (entry === undefined) throw new Error(`no lab ${lab}`);
    return (await entry.lab()).default;
  }, [lab]);
  return (
    <OnDemand load={load} fallback={<p className={styles.waiting} role="status">{t(ui.loading)}…</p>}>
      {(loaded) => <Started {...shell} lab={loaded} />}
    </OnDemand>
  );
}
