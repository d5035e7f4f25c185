/** A part of a diagram: a box, or a cylinder for what stores. */
export interface DiagramNode {
  readonly id: string;
  readonly text: string;
  readonly shape: 'box' | 'store';
  /** The frame that it stands in, if any. */
  readonly frame: string | undefined;
}

export interface DiagramEdge {
  readonly from: string;
  readonly to: string;
  readonly text: string | undefined;
  readonly dashed: boolean;
}

export interface Diagram {
  readonly direction: 'right' | 'down';
  readonly nodes: readonly DiagramNode[];
  readonly edges: readonly DiagramEdge[];
  readonly frames: readonly { readonly id: string; readonly text: string }[];
}

const unquote = (text: string): string => text.trim().replace(/^"(.*)"$/, '$1');
const nodePattern = /^([\w-]+?)(?:\[\((.+?)\)\]|\[(.+?)\])?(?=\s|$)/;
const edgePattern = /^(?:--\s*("[^"]*"|[^->|]+?)\s*-->|-\.\s*("[^"]*"|[^.]+?)\s*\.->|(-\.->)|-->(?:\|([^|]+)\|)?)/;

class Builder {
  readonly nodes = new Map<string, DiagramNode>();
  readonly edges: DiagramEdge[] = [];
  readonly frames: { id: string; text: string }[] = [];
  frame: string | undefined;

  node(id: string, store: string | undefined, box: string | undefined): void {
    const known = this.nodes.get(id);
    const text = store ?? box;
    if (known !== undefined && text === undefined) return;
    this.nodes.set(id, { id, text: unquote(text ?? id), shape: store === undefined ? 'box' : 'store', frame: known?.frame ?? this.frame });
  }

  /** `a[text] --> b -- "word" --> c`; false when the line holds something else. */
  chain(line: string): boolean {
    let rest = line;
    let from: string | undefined;
    let edge: RegExpExecArray | undefined;
    for (;;) {
      const node = nodePattern.exec(rest);
      const id = node?.[1];
      if (node === null || id === undefined) return false;
      this.node(id, node[2], node[3]);
      if (from !== undefined && edge !== undefined) {
        const text = edge[1] ?? edge[2] ?? edge[4];
        this.edges.push({ from, to: id, text: text === undefined ? undefined : unquote(text), dashed: edge[2] !== undefined || edge[3] !== undefined });
      }
      from = id;
      rest = rest.slice(node[0].length).trimStart();
      if (rest === '') return true;
      edge = edgePattern.exec(rest) ?? undefined;
      if (edge === undefined) return false;
      rest = rest.slice(edge[0].length).trimStart();
    }
  }
}

/** A flow chart in Mermaid's words, as far as lessons use them; undefined for anything else. */
export function parseDiagram(source: string): Diagram | undefined {
  const lines = source.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('%%'));
  const head = /^(?:flowchart|graph)\s+(LR|TD|TB)$/.exec(lines[0] ?? '');
  if (head === null) return undefined;
  const builder = new Builder();
  for (const line of lines.slice(1)) {
    const frame = /^subgraph\s+([\w-]+)(?:\s*\[(.+)\])?$/.exec(line);
    if (frame !== null) {
      if (builder.frame !== undefined) return undefined;
      builder.frame = frame[1] ?? '';
      builder.frames.push({ id: builder.frame, text: unquote(frame[2] ?? builder.frame) });
    } else if (line === 'end') builder.frame = undefined;
    else if (!builder.chain(line)) return undefined;
  }
  return { direction: head[1] === 'LR' ? 'right' : 'down', nodes: [...builder.nodes.values()], edges: builder.edges, frames: builder.frames };
}
