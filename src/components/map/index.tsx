import { type ReactNode, useMemo, useRef } from 'react';
import { groupBy } from '../bench/group-by';
import type { NodeView, PodView, Undrawn } from '../bench/protocol';
import type { Session } from '../bench/session';
import { useSession } from '../bench/use-session';
import { phrase, ui } from '../text/ui';
import { useText } from '../text/use-text';
import { Pod } from './pod';
import styles from './styles.module.css';
import { State } from './tone';
import { useFlight } from './use-flight';

type OnDelete = ((pod: PodView) => void) | undefined;

interface Group {
  readonly pods: readonly PodView[];
  /** How many there are beside them. */
  readonly more: number;
}

const nobody: Group = { pods: [], more: 0 };

function PodList({ pods, more, onDelete }: Group & { readonly onDelete: OnDelete }): ReactNode {
  const t = useText();
  if (pods.length === 0) return <p className={styles.empty}>{t(ui.noPods)}</p>;
  return (
    <>
      <ul className={styles.pods}>
        {pods.map((pod) => <Pod key={pod.uid} pod={pod} onDelete={onDelete} />)}
      </ul>
      {more > 0 ? <p className={styles.empty}>{t(phrase.morePods(more))}</p> : null}
    </>
  );
}

function Node({ node, own, system, onDelete }: { readonly node: NodeView; readonly own: Group; readonly system: Group; readonly onDelete: OnDelete }): ReactNode {
  const t = useText();
  const controlPlane = node.roles.includes('control-plane');
  return (
    <li className={`${styles.node} ${styles[`edge-${node.tone}`] ?? ''}`}>
      <div className={styles.nodeHead}>
        <strong className={styles.name}>{node.name}</strong>
        <State tone={node.tone}>{node.status}</State>
      </div>
      {controlPlane && own.pods.length === 0 ? null : <PodList {...own} onDelete={onDelete} />}
      {system.pods.length === 0 ? null : (
        <details className={styles.system}>
          <summary>{t(phrase.systemPods(system.pods.length + system.more))}</summary>
          <PodList {...system} onDelete={undefined} />
        </details>
      )}
    </li>
  );
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

/** Workers first: they hold what the learner looks for. */
const workersFirst = (a: NodeView, b: NodeView): number => Number(a.roles.includes('control-plane')) - Number(b.roles.includes('control-plane')) || byName(a, b);

const groupOf = ({ node, system }: Pick<PodView, 'node' | 'system'>): string => `${node ?? ''} ${system}`;

/** The Pods of each node, the cluster's own apart, by name. */
function grouped(pods: ReadonlyMap<string, PodView>, undrawn: readonly Undrawn[]): ReadonlyMap<string, Group> {
  const more = new Map(undrawn.map((rest) => [groupOf(rest), rest.count]));
  const groups = groupBy([...pods.values()].sort(byName), groupOf);
  return new Map([...groups].map(([key, own]) => [key, { pods: own, more: more.get(key) ?? 0 }]));
}

/** The cluster as nested lists: nodes, their Pods, their containers. Pods that have no node yet stand above. */
export function ClusterMap({ session, onDelete }: { readonly session: Session; readonly onDelete?: (pod: PodView) => void }): ReactNode {
  const t = useText();
  const root = useRef<HTMLDivElement>(null);
  const nodes = useSession(session, (state) => state.nodes);
  const pods = useSession(session, (state) => state.pods);
  const undrawn = useSession(session, (state) => state.undrawn);
  const groups = useMemo(() => grouped(pods, undrawn), [pods, undrawn]);
  useFlight(root, groups);
  const starting = useSession(session, ({ phase }) => phase === 'starting');
  const homeless = groups.get(groupOf({ node: undefined, system: false })) ?? nobody;
  return (
    <div ref={root} className={styles.map}>
      {starting && nodes.size === 0 ? <p className={styles.empty}>{t(ui.starting)}…</p> : null}
      {homeless.pods.length === 0 ? null : (
        <section className={styles.homeless} aria-label={t(ui.unscheduled)}>
          <p className={styles.homelessTitle}>{t(ui.unscheduled)}</p>
          <PodList {...homeless} onDelete={onDelete} />
        </section>
      )}
      <ul className={styles.nodes} aria-label={t(ui.nodes)}>
        {[...nodes.values()].sort(workersFirst).map((node) => <Node key={node.name} node={node} own={groups.get(groupOf({ node: node.name, system: false })) ?? nobody} system={groups.get(groupOf({ node: node.name, system: true })) ?? nobody} onDelete={onDelete} />)}
      </ul>
    </div>
  );
}
