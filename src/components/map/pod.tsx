import type { ReactNode } from 'react';
import type { ContainerView, PodView } from '../bench/protocol';
import { phrase, ui } from '../text/ui';
import { useText } from '../text/use-text';
import styles from './styles.module.css';
import { State } from './tone';

function Container({ container }: { readonly container: ContainerView }): ReactNode {
  const t = useText();
  const role = { init: ui.initContainer, sidecar: ui.sidecarContainer, main: undefined }[container.role];
  return (
    <li className={styles.container} title={container.image}>
      <span className={styles.name}>{container.name}</span>
      {role === undefined ? null : <span className={styles.role}>{t(role)}</span>}
      <State tone={container.tone}>{container.status}</State>
      {container.restarts === 0 ? null : <span className={styles.restarts}>{t(phrase.restarts(container.restarts))}</span>}
    </li>
  );
}

/** One Pod with its containers. `data-flight` and `data-place` are for the animation from place to place. */
export function Pod({ pod, onDelete }: { readonly pod: PodView; readonly onDelete?: ((pod: PodView) => void) | undefined }): ReactNode {
  const t = useText();
  return (
    <li className={`${styles.pod} ${styles[`edge-${pod.tone}`] ?? ''}`} data-flight={pod.uid} data-place={pod.node ?? ''}>
      <div className={styles.podHead}>
        <span className={styles.name} title={`${pod.namespace}/${pod.name}${pod.ip === undefined ? '' : ` ${pod.ip}`}`}>{pod.system || pod.namespace === 'default' ? pod.name : `${pod.namespace}/${pod.name}`}</span>
        {onDelete === undefined ? null : (
          <button type="button" className={styles.delete} aria-label={t(phrase.deletePod(pod.name))} disabled={pod.tone === 'leaving'} onClick={() => onDelete(pod)}>{t(ui.deletePod)}</button>
        )}
      </div>
      <div className={styles.podState}>
        <State tone={pod.tone}>{pod.status}</State>
        <span className={styles.count}>
          <span aria-hidden="true">{pod.ready}/{pod.containers.filter((container) => container.role !== 'init').length}</span>
          <span className="visually-hidden">{t(phrase.ready(pod.ready, pod.containers.filter((container) => container.role !== 'init').length))}</span>
        </span>
      </div>
      <ul className={styles.containers} aria-label={t(ui.containers)}>
        {pod.containers.map((container) => <Container key={container.name} container={container} />)}
      </ul>
    </li>
  );
}
