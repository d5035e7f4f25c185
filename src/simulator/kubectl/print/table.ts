import { kindName, type Mapping } from '../api/mapper';
import { listAt, mapAt, textAt, type Fields } from '../fields';
import { tableTabs } from './tabs';

/** What to show of a table. */
export interface TableOptions {
  readonly wide: boolean;
  readonly noHeaders: boolean;
  readonly withNamespace: boolean;
  /** `pod/web` instead of `web`. */
  readonly withKind: boolean;
  readonly showLabels: boolean;
  readonly labelColumns: readonly string[];
  /** Prefixes each row with what happened (watches). */
  readonly event?: string;
}

/** Rows of cells in aligned columns; widths are remembered, so that rows printed later line up with earlier ones. */
export class ColumnWriter {
  private widths: number[] = [];

  constructor(private readonly out: (text: string) => void) {}

  write(rows: readonly (readonly string[])[]): void {
    for (const cells of rows) {
      cells.slice(0, -1).forEach((cell, index) => {
        this.widths[index] = Math.max(this.widths[index] ?? tableTabs.minWidth, [...cell].length + tableTabs.padding);
      });
    }
    this.out(rows.map((cells) => `${cells.map((cell, index) => (index === cells.length - 1 ? cell : cell + ' '.repeat((this.widths[index] as number) - [...cell].length))).join('')}\n`).join(''));
  }
}

/** A cell as kubectl prints it: on one line, without control characters. */
function cellText(value: unknown): string {
  if (value === null || value === undefined) return '<none>';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const line = text.search(/[\n\r\f]/);
  return (line < 0 ? text : `${text.slice(0, line)}...`).replace(/\u001b/g, '^[');
}

const labelsText = (object: unknown): string => mapAt(object, 'metadata', 'labels').map(([key, value]) => `${key}=${value}`).join(',') || '<none>';

/** The column titles that -L gives. */
const labelTitle = (label: string): string => (label.slice(label.lastIndexOf('/') + 1)).toUpperCase();

/** The visible columns of a server's Table, as positions of its cells. */
function visibleColumns(table: Fields, wide: boolean): { titles: string[]; positions: number[]; nameAt: number } {
  const titles: string[] = [];
  const positions: number[] = [];
  let nameAt = -1;
  listAt(table, 'columnDefinitions').forEach((column, index) => {
    if (!wide && Number(column['priority'] ?? 0) > 0) return;
    titles.push(textAt(column, 'name').toUpperCase());
    positions.push(index);
    if (nameAt < 0 && (column['format'] === 'name' || textAt(column, 'name') === 'Name')) nameAt = index;
  });
  return { titles, positions, nameAt };
}

/** The header and rows of a server's Table as texts. */
export function tableRows(table: Fields, mapping: Mapping, options: TableOptions): { header: string[]; rows: string[][] } {
  const { titles, positions, nameAt } = visibleColumns(table, options.wide);
  const event = options.event === undefined ? [] : [options.event.padEnd(8)];
  const header = [
    ...(options.event === undefined ? [] : ['EVENT'.padEnd(8)]),
    ...(options.withNamespace ? ['NAMESPACE'] : []),
    ...titles,
    ...options.labelColumns.map(labelTitle),
    ...(options.showLabels ? ['LABELS'] : []),
  ];
  const rows = listAt(table, 'rows').map((row) => {
    const cells = row['cells'] as readonly unknown[];
    const object = row['object'];
    const labels = new Map(mapAt(object, 'metadata', 'labels'));
    return [
      ...event,
      ...(options.withNamespace ? [textAt(object, 'metadata', 'namespace')] : []),
      ...positions.map((position) => (options.withKind && position === nameAt ? `${kindName(mapping)}/${cellText(cells[position])}` : cellText(cells[position]))),
      ...options.labelColumns.map((label) => labels.get(label) ?? ''),
      ...(options.showLabels ? [labelsText(object)] : []),
    ];
  });
  return { header, rows };
}
