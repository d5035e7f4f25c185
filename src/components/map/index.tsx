import { type ReactNode, useMemo, useRef } from 'react';
import type { NodeView, PodView } from '../bench/protocol';
import type { Session } from '../bench/session';
import { useSession } from '../bench/use-session';
import { phrase, ui } from '../text/ui';
import { useText } from '../text/use-text';
import { Pod } from './pod';
import styles from './styles.module.css';
import { State } from './tone';
import { useFlight } from './use-flight';

/** Pods drawn on one node at most; the rest are counted. */
const shownPerNode = 40;

type OnDelete = ((pod: PodView) => void) | undefined;

function PodList({ pods, onDelete }: { readonly pods: readonly PodView[]; readonly onDelete: OnDelete }): ReactNode {
  const t = useText();
  if (pods.length === 0) return <p className={styles.empty}>{t(ui.noPods)}</p>;
  return (
    <>
      <ul className={styles.pods}>
        {pods.slice(0, shownPerNode).map((pod) => <Pod key={pod.uid} pod={pod} onDelete={onDelete} />)}
      </ul>
      {pods.length > shownPerNode ? <p className={styles.empty}>{t(phrase.morePods(pods.length - shownPerNode))}</p> : null}
    </>
  );
}

function Node({ node, pods, onDelete }: { readonly node: NodeView; readonly pods: readonly PodView[]; readonly onDelete: OnDelete }): ReactNode {
  const t = useText();
  const own = pods.filter((pod) => !pod.system);
  const system = pods.filter((pod) => pod.system);
  const controlPlane = node.roles.includes('control-plane');
  return (
    <li className={`${styles.node} ${styles[`edge-${node.tone}`] ?? ''}`}>
      <div className={styles.nodeHead}>
        <strong className={styles.name}>{node.name}</strong>
        <State tone={node.tone}>{node.status}</State>
      </div>
      {controlPlane && own.length === 0 ? null : <PodList pods={own} onDelete={onDelete} />}
      {system.length === 0 ? null : (
        <details className={styles.system}>
          <summary>{t(phrase.systemPods(system.length))}</summary>
          <PodList pods={system} onDelete={undefined} />
        </details>
      )}
    </li>
  );
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

/** Workers first: they hold what the learner looks for. */
const workersFirst = (a: NodeView, b: NodeView): number => Number(a.roles.includes('control-plane')) - Number(b.roles.includes('control-plane')) || byName(a, b);

/** The cluster as nested lists: nodes, their Pods, their containers. Pods that have no node yet stand above. */
export function ClusterMap({ session, onDelete }: { readonly session: Session; readonly onDelete?: (pod: PodView) => void }): ReactNode {
  const t = useText();
  const root = useRef<HTMLDivElement>(null);
  const nodes = useSession(session, (state) => state.nodes);
  const pods = useSession(session, (state) => state.pods);
  const byNode = useMemo(() => {
    const groups = new Map<string, PodView[]>();
    for (const pod of [...pods.values()].sort(byName)) {
      const group = groups.get(pod.node ?? '');
      if (group === undefined) groups.set(pod.node ?? '', [pod]);
      else group.push(pod);
    }
    return groups;
  }, [pods]);
  useFlight(root, byNode);
  const starting = useSession(session, ({ phase }) => phase === 'starting');
  const homeless = byNode.get('') ?? [];
  return (
    <div ref={root} className={styles.map}>
      {starting && nodes.size === 0 ? <p className={styles.empty}>{t(ui.starting)}…</p> : null}
      {homeless.length === 0 ? null : (
        <section className={styles.homeless} aria-label={t(ui.unscheduled)}>
          <p className={styles.homelessTitle}>{t(ui.unscheduled)}</p>
          <PodList pods={homeless} onDelete={onDelete} />
        </section>
      )}
      <ul className={styles.nodes} aria-label={t(ui.nodes)}>
        {[...nodes.values()].sort(workersFirst).map((node) => <Node key={node.name} node={node} pods={byNode.get(node.name) ?? []} onDelete={onDelete} />)}
      </ul>
    </div>
  );
}
