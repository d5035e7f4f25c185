import OriginalMermaid from '@theme-init/Mermaid';
import { FlowChart, parseDiagram } from '@site/src/components/diagram';
import { type ReactNode, useMemo } from 'react';

/** Flow charts are drawn by us; the library (180 KB) is loaded only by pages with other kinds of diagrams. */
export default function Mermaid({ value }: { readonly value: string }): ReactNode {
  const diagram = useMemo(() => parseDiagram(value), [value]);
  return diagram === undefined ? <OriginalMermaid value={value} /> : <FlowChart diagram={diagram} />;
}
