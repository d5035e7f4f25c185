import { expect, test } from 'vitest';
import { layOut } from './layout';
import { parseDiagram } from './parse';

const source = `flowchart LR
  subgraph pod [파드 web]
    web[웹 서버] -- 쓰기 --> volume[(emptyDir 볼륨)]
  end
  volume -. "읽기" .-> shipper --> logs["kubectl logs"]
`;

test('a flow chart is read as nodes, arrows and frames', () => {
  const diagram = parseDiagram(source);
  expect(diagram?.frames).toEqual([{ id: 'pod', text: '파드 web' }]);
  expect(diagram?.nodes.map(({ id, text, shape, frame }) => [id, text, shape, frame])).toEqual([
    ['web', '웹 서버', 'box', 'pod'],
    ['volume', 'emptyDir 볼륨', 'store', 'pod'],
    ['shipper', 'shipper', 'box', undefined],
    ['logs', 'kubectl logs', 'box', undefined],
  ]);
  expect(diagram?.edges).toEqual([
    { from: 'web', to: 'volume', text: '쓰기', dashed: false },
    { from: 'volume', to: 'shipper', text: '읽기', dashed: true },
    { from: 'shipper', to: 'logs', text: undefined, dashed: false },
  ]);
});

test('other diagrams are left to the library', () => {
  expect(parseDiagram('sequenceDiagram\n  a->>b: hello')).toBeUndefined();
  expect(parseDiagram('flowchart LR\n  a --> b{{hexagon}}')).toBeUndefined();
});

test('boxes of one rank do not overlap, and stand inside the drawing', () => {
  const diagram = parseDiagram('flowchart LR\n  a --> b\n  a --> c\n  a --> d\n');
  if (diagram === undefined) throw new Error('not read');
  for (const direction of ['right', 'down'] as const) {
    const { nodes, width, height } = layOut(diagram, direction);
    for (const node of nodes) {
      expect(node.x - node.width / 2).toBeGreaterThanOrEqual(0);
      expect(node.x + node.width / 2).toBeLessThanOrEqual(width);
      expect(node.y + node.height / 2).toBeLessThanOrEqual(height);
      for (const other of nodes) {
        if (other === node) continue;
        expect(Math.abs(node.x - other.x) >= (node.width + other.width) / 2 || Math.abs(node.y - other.y) >= (node.height + other.height) / 2).toBe(true);
      }
    }
  }
});
