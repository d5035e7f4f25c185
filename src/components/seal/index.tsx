import type { ReactNode } from 'react';
import styles from './styles.module.css';

/** The stamp's mark: 도장 cut into a seal. Decoration; the words stand beside it. */
export function Seal({ size = 48, faint = false, pressed = false }: { readonly size?: number; readonly faint?: boolean; readonly pressed?: boolean }): ReactNode {
  const className = [styles.seal, faint ? styles.faint : '', pressed ? styles.pressed : ''].join(' ');
  return (
    <svg className={className} width={size} height={size} viewBox="0 0 64 64" aria-hidden="true">
      <path className={styles.ground} d="M6 3.5l51.5.5 3 3.5-.5 49.5-3 3.5-50.500-.5-3-4 .5-49z" />
      <path className={styles.strokes} d="M28 14H13v14h15M20.5 34v9M11 45.500h19M36 14h13.500M43 14.500c0 7-3 11-8 14M43 20c1 4 3.500 6.500 7.500 8.500M55 11.500v22M55 22h3M53.500 44.500a7 7 0 1 1-14 0 7 7 0 0 1 14 0z" />
    </svg>
  );
}
