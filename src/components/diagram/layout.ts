import type { Diagram, DiagramEdge, DiagramNode } from './parse';

/** Pixels. `x` and `y` are a box's middle. */
export interface PlacedNode extends DiagramNode {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedFrame {
  readonly id: string;
  readonly text: string;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedEdge extends DiagramEdge {
  readonly path: string;
  readonly labelX: number;
  readonly labelY: number;
  readonly labelWidth: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
  readonly frames: readonly PlacedFrame[];
}

const fontSize = 14;
const nodeHeight = 40;
const storeHeight = 50;
/** Between neighbours in one rank, and more where a frame's border and title come between. */
const gap = 22;
const frameGap = 56;
const framePadding = 16;
const frameTitle = 26;
const rankGap = 44;
const margin = 6;

/** How wide a text is: Hangul fills its square, Latin about half of it. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += character > '\u1100' ? 0.9 : 0.56;
  return width * fontSize;
}

/** Each node's distance from where the arrows begin. */
function ranksOf({ nodes, edges }: Diagram): Map<string, number> {
  const ranks = new Map(nodes.map((node) => [node.id, 0]));
  for (let round = 0; round < nodes.length; round += 1) {
    let moved = false;
    for (const { from, to } of edges) {
      const rank = (ranks.get(from) ?? 0) + 1;
      if (rank > (ranks.get(to) ?? 0) && rank < nodes.length) {
        ranks.set(to, rank);
        moved = true;
      }
    }
    if (!moved) break;
  }
  return ranks;
}

interface Box {
  readonly node: DiagramNode;
  /** Across the direction of the arrows, and along it. */
  readonly across: number;
  readonly along: number;
  readonly width: number;
  position: number;
}

/** Puts each rank's boxes near those that they are joined to, without overlap. */
function spread(ranks: readonly Box[][], diagram: Diagram): void {
  const boxes = new Map(ranks.flat().map((box) => [box.node.id, box]));
  const joined = (box: Box): number[] => diagram.edges.flatMap(({ from, to }) => (from === box.node.id ? [to] : to === box.node.id ? [from] : [])).map((id) => boxes.get(id)?.position ?? 0);
  const between = (a: Box, b: Box): number => (a.across + b.across) / 2 + (a.node.frame === b.node.frame ? gap : frameGap);
  const settle = (rank: readonly Box[]): void => {
    rank.forEach((box, index) => {
      const above = rank[index - 1];
      if (above !== undefined) box.position = Math.max(box.position, above.position + between(above, box));
    });
  };
  for (const rank of ranks) settle(rank);
  for (let round = 0; round < 8; round += 1) {
    for (const rank of round % 2 === 0 ? ranks : [...ranks].reverse()) {
      const wished = rank.map((box) => {
        const near = joined(box);
        return near.length === 0 ? box.position : near.reduce((sum, value) => sum + value, 0) / near.length;
      });
      const mean = wished.reduce((sum, value) => sum + value, 0) / Math.max(1, wished.length);
      rank.forEach((box, index) => (box.position = wished[index] ?? 0));
      settle(rank);
      const shift = mean - rank.reduce((sum, box) => sum + box.position, 0) / Math.max(1, rank.length);
      for (const box of rank) box.position += shift;
    }
  }
}

function placeNodes(diagram: Diagram, down: boolean): PlacedNode[] {
  const rankOf = ranksOf(diagram);
  const ranks: Box[][] = [];
  for (const node of diagram.nodes) {
    const size = { width: Math.max(64, textWidth(node.text) + 28), height: node.shape === 'store' ? storeHeight : nodeHeight };
    const labels = diagram.edges.map(({ from, text }) => (from === node.id && text !== undefined ? textWidth(text) : 0));
    const box = { node, across: down ? Math.max(size.width, ...labels) : size.height, along: down ? size.height : size.width, width: size.width, position: 0 };
    (ranks[rankOf.get(node.id) ?? 0] ??= []).push(box);
  }
  spread(ranks, diagram);
  const placed: PlacedNode[] = [];
  let along = 0;
  ranks.forEach((rank, index) => {
    const deep = Math.max(...rank.map((box) => box.along));
    const labels = diagram.edges.filter(({ from }) => rankOf.get(from) === index).map(({ text }) => (text === undefined ? 0 : down ? 26 : textWidth(text) + 12));
    const leaves = diagram.frames.length > 0 ? framePadding : 0;
    for (const box of rank) {
      const middle = along + deep / 2;
      placed.push({ ...box.node, width: down ? box.width : box.along, height: down ? box.along : box.across, x: down ? box.position : middle, y: down ? middle : box.position });
    }
    along += deep + rankGap + leaves + Math.max(0, ...labels);
  });
  return placed;
}

function placeFrames(diagram: Diagram, nodes: readonly PlacedNode[]): PlacedFrame[] {
  return diagram.frames.flatMap(({ id, text }) => {
    const inside = nodes.filter((node) => node.frame === id);
    if (inside.length === 0) return [];
    const left = Math.min(...inside.map((node) => node.x - node.width / 2)) - framePadding;
    const right = Math.max(...inside.map((node) => node.x + node.width / 2), left + textWidth(text) + framePadding) + framePadding;
    const top = Math.min(...inside.map((node) => node.y - node.height / 2)) - frameTitle - framePadding / 2;
    const bottom = Math.max(...inside.map((node) => node.y + node.height / 2)) + framePadding;
    return [{ id, text, left, top, width: right - left, height: bottom - top }];
  });
}

/** Arrows that meet are still apart here, a little before the middle: one coordinate of the curve. */
function at(start: number, first: number, second: number, end: number): number {
  const t = 0.42;
  const s = 1 - t;
  return s ** 3 * start + 3 * s * s * t * first + 3 * s * t * t * second + t ** 3 * end;
}

function placeEdge(edge: DiagramEdge, from: PlacedNode, to: PlacedNode, down: boolean): PlacedEdge {
  const [x1, y1] = down ? [from.x, from.y + from.height / 2] : [from.x + from.width / 2, from.y];
  const [x2, y2] = down ? [to.x, to.y - to.height / 2 - 3] : [to.x - to.width / 2 - 3, to.y];
  const bend = (down ? y2 - y1 : x2 - x1) / 2;
  const path = down ? `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}` : `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
  return { ...edge, path, labelX: at(x1, down ? x1 : x1 + bend, down ? x2 : x2 - bend, x2), labelY: at(y1, down ? y1 + bend : y1, down ? y2 - bend : y2, y2), labelWidth: edge.text === undefined ? 0 : textWidth(edge.text) * 0.9 + 8 };
}

/** Where everything of a diagram stands when its arrows go to the right, or down. */
export function layOut(diagram: Diagram, direction: 'right' | 'down'): Layout {
  const down = direction === 'down';
  const nodes = placeNodes(diagram, down);
  const frames = placeFrames(diagram, nodes);
  const labels = diagram.edges.flatMap(({ text }) => (text === undefined ? [] : [textWidth(text) / 2]));
  const spare = down ? Math.max(0, ...labels) / 2 : 0;
  const left = Math.min(...nodes.map((node) => node.x - node.width / 2), ...frames.map((frame) => frame.left)) - margin - spare;
  const top = Math.min(...nodes.map((node) => node.y - node.height / 2), ...frames.map((frame) => frame.top)) - margin;
  const right = Math.max(...nodes.map((node) => node.x + node.width / 2), ...frames.map((frame) => frame.left + frame.width)) + margin + spare;
  const bottom = Math.max(...nodes.map((node) => node.y + node.height / 2), ...frames.map((frame) => frame.top + frame.height)) + margin;
  const moved = nodes.map((node) => ({ ...node, x: node.x - left, y: node.y - top }));
  const named = new Map(moved.map((node) => [node.id, node]));
  const edges = diagram.edges.flatMap((edge) => {
    const [from, to] = [named.get(edge.from), named.get(edge.to)];
    return from === undefined || to === undefined ? [] : [placeEdge(edge, from, to, down)];
  });
  return { width: right - left, height: bottom - top, nodes: moved, edges, frames: frames.map((frame) => ({ ...frame, left: frame.left - left, top: frame.top - top })) };
}
