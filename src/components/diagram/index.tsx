import { type ReactNode, useId, useMemo } from 'react';
import { layOut, type Layout, type PlacedNode } from './layout';
import { type Diagram, parseDiagram } from './parse';
import styles from './styles.module.css';

/** A cylinder's outline. */
function storePath({ x, y, width, height }: PlacedNode): string {
  const [left, top, lid] = [x - width / 2, y - height / 2, 6];
  return `M${left} ${top + lid}a${width / 2} ${lid} 0 0 1 ${width} 0v${height - 2 * lid}a${width / 2} ${lid} 0 0 1 ${-width} 0zM${left} ${top + lid}a${width / 2} ${lid} 0 0 0 ${width} 0`;
}

function Node({ node }: { readonly node: PlacedNode }): ReactNode {
  const { x, y, width, height, shape, text } = node;
  return (
    <>
      {shape === 'store' ? <path className={styles.box} d={storePath(node)} /> : <rect className={styles.box} x={x - width / 2} y={y - height / 2} width={width} height={height} rx={3} />}
      <text className={styles.text} x={x} y={y + (shape === 'store' ? 4 : 0)}>{text}</text>
    </>
  );
}

function Drawing({ layout, className, label }: { readonly layout: Layout; readonly className: string; readonly label: string }): ReactNode {
  const arrow = useId();
  return (
    <svg className={className} role="img" aria-label={label} viewBox={`0 0 ${layout.width} ${layout.height}`} style={{ maxWidth: layout.width }}>
      <marker id={arrow} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path className={styles.tip} d="M0 0.500L8 4L0 7.500z" /></marker>
      {layout.frames.map((frame) => (
        <g key={frame.id}>
          <rect className={styles.frame} x={frame.left} y={frame.top} width={frame.width} height={frame.height} rx={4} />
          <text className={styles.frameText} x={frame.left + 12} y={frame.top + 18}>{frame.text}</text>
        </g>
      ))}
      {layout.edges.map((edge, index) => (
        <g key={index}>
          <path className={edge.dashed ? styles.dashed : styles.edge} d={edge.path} markerEnd={`url(#${arrow})`} />
          {edge.text === undefined ? null : (
            <>
              <rect className={styles.labelGround} x={edge.labelX - edge.labelWidth / 2} y={edge.labelY - 10} width={edge.labelWidth} height={20} />
              <text className={styles.label} x={edge.labelX} y={edge.labelY}>{edge.text}</text>
            </>
          )}
        </g>
      ))}
      {layout.nodes.map((node) => <Node key={node.id} node={node} />)}
    </svg>
  );
}

/** The diagram in words, for those who do not see it: each arrow as one phrase. */
function inWords({ nodes, edges }: Diagram): string {
  const name = (id: string): string => nodes.find((node) => node.id === id)?.text ?? id;
  return edges.map(({ from, to, text }) => `${name(from)} → ${name(to)}${text === undefined ? '' : ` (${text})`}`).join(', ');
}

/** A flow chart drawn as SVG when the page is built: no script, no library. Narrow screens get it from top to bottom. */
export function FlowChart({ diagram }: { readonly diagram: Diagram }): ReactNode {
  const wide = useMemo(() => layOut(diagram, diagram.direction), [diagram]);
  const narrow = useMemo(() => layOut(diagram, 'down'), [diagram]);
  const label = inWords(diagram);
  return (
    <figure className={styles.figure}>
      <Drawing layout={wide} className={styles.wide ?? ''} label={label} />
      <Drawing layout={narrow} className={styles.narrow ?? ''} label={label} />
    </figure>
  );
}

export { parseDiagram };
