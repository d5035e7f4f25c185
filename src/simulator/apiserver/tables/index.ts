import { apiVersionOf, type ColumnDefinition, failure, type KubeList, type KubeObject, type Scale } from '../../api';
import { formatTime, parseTime, type Time } from '../../kernel';
import { badRequest } from '../errors';
import { internalPackage } from '../internal-package';
import type { ServedResource } from '../served';
import type { Accepted } from '../request/accept';

/** meta.k8s.io Table, as kubectl get asks for it (kubernetes.io: Receiving resources as Tables). */
export interface Table {
  readonly kind: 'Table';
  readonly apiVersion: string;
  readonly metadata: KubeList['metadata'];
  readonly columnDefinitions: readonly ColumnDefinition[] | null;
  readonly rows: readonly TableRow[] | null;
}

export interface TableRow {
  readonly cells: readonly unknown[];
  readonly object: unknown;
}

type Policy = 'None' | 'Metadata' | 'Object';

/** What the rows carry besides their cells. Throws a 400. */
export function includeObject(text: string | undefined): Policy {
  if (text === undefined || text === '') return 'Metadata';
  if (text === 'None' || text === 'Metadata' || text === 'Object') return text;
  throw badRequest(`Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(text)}: must be 'Metadata', 'Object', 'None', or empty`);
}

/** The metadata of an object alone. */
export const partialMetadata = (object: KubeObject, version: string) =>
  Object.freeze({ kind: 'PartialObjectMetadata', apiVersion: apiVersionOf('meta.k8s.io', version), metadata: object.metadata ?? {} });

/** Metadata of each object of a list. */
export const partialMetadataList = (list: KubeList, version: string) =>
  Object.freeze({ kind: 'PartialObjectMetadataList', apiVersion: apiVersionOf('meta.k8s.io', version), metadata: list.metadata, items: list.items.map((item) => partialMetadata(item, version)) });

/** Kinds without printers of their own show when they were created. */
const isDefault = (columns: readonly ColumnDefinition[]) => columns[1]?.name === 'Created At';

/** Components have conditions and no age; their kind has no folder of its own. */
function componentCells(object: KubeObject & { readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string; readonly error?: string }[] }): readonly unknown[] {
  const healthy = object.conditions?.find(({ type }) => type === 'Healthy');
  const status = healthy?.status === 'True' ? 'Healthy' : healthy?.status === 'False' ? 'Unhealthy' : 'Unknown';
  return [object.metadata?.name ?? '', status, healthy?.message ?? '', healthy?.error ?? ''];
}

function cellsOf({ info, definition, custom }: ServedResource, object: KubeObject, now: Time): readonly unknown[] {
  const cells = custom?.cells?.(object, now) ?? definition.cells?.(object, now);
  if (cells) return cells;
  if (info.kind === 'ComponentStatus') return componentCells(object);
  const created = object.metadata?.creationTimestamp;
  return info.columns.map(({ name }, index) => (index === 0 ? (object.metadata?.name ?? '') : name === 'Created At' ? (created === undefined ? null : formatTime(parseTime(created) ?? 0)) : name === 'Age' ? age(created, now) : '<unknown>'));
}

/** The time since, as tables show it: 3d4h, 5m, <unknown>. */
export function age(since: string | undefined, now: Time): string {
  const start = since === undefined ? undefined : parseTime(since);
  return start === undefined ? '<unknown>' : humanDuration(Math.floor((now - start) / 1_000_000));
}

/** Whole seconds as kubectl shows an age: 2m5s, 4h2m, 5d2h, 3y10d. */
export function humanDuration(seconds: number): string {
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  const two = (a: number, unit: string, b: number, small: string) => (b === 0 ? `${a}${unit}` : `${a}${unit}${b}${small}`);
  if (minutes < 10) return two(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return two(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  if (hours < 192) return two(Math.floor(hours / 24), 'd', hours % 24, 'h');
  const days = Math.floor(hours / 24);
  if (days < 730) return `${days}d`;
  const years = Math.floor(days / 365);
  return years < 8 ? two(years, 'y', days % 365, 'd') : `${years}y`;
}

const rowOf = (served: ServedResource, object: KubeObject, policy: Policy, version: string, now: Time): TableRow => ({
  cells: cellsOf(served, object, now),
  object: policy === 'None' ? null : policy === 'Object' ? object : partialMetadata(object, version),
});

const scaleColumn = (name: string, description: string): ColumnDefinition => ({ name, type: 'integer', format: '', description, priority: 0 });

/** Every kind's scale subresource shows the same columns. */
function scaleTable({ info }: ServedResource, scale: KubeObject & Scale, policy: Policy, version: string, now: Time): Table {
  const text = (name: string): ColumnDefinition => ({ name, type: 'string', format: '', description: info.columns.find((column) => column.name === name)?.description ?? '', priority: 0 });
  return Object.freeze({
    kind: 'Table',
    apiVersion: apiVersionOf('meta.k8s.io', version),
    metadata: { resourceVersion: scale.metadata?.resourceVersion ?? '' },
    columnDefinitions: [
      text('Name'),
      scaleColumn('Desired', 'replicas is the desired number of instances for the scaled object.'),
      scaleColumn('Available', 'replicas is the actual number of observed instances of the scaled object.'),
      text('Age'),
    ],
    rows: [{
      cells: [scale.metadata?.name ?? '', scale.spec?.replicas ?? 0, scale.status?.replicas ?? 0, age(scale.metadata?.creationTimestamp, now)],
      object: policy === 'None' ? null : policy === 'Object' ? scale : partialMetadata(scale, version),
    }],
  });
}

function table(served: ServedResource, version: string, metadata: KubeList['metadata'], rows: readonly TableRow[], headers: boolean): Table {
  const { columns } = served.info;
  return Object.freeze({
    kind: 'Table',
    apiVersion: apiVersionOf('meta.k8s.io', version),
    metadata,
    columnDefinitions: headers ? columns : null,
    rows: rows.length === 0 && isDefault(columns) && !served.custom ? null : rows,
  });
}

/** One object as a Table. */
export const objectTable = (served: ServedResource, object: KubeObject, policy: Policy, version: string, now: Time, headers = true): Table =>
  table(served, version, { resourceVersion: object.metadata?.resourceVersion ?? '' }, [rowOf(served, object, policy, version, now)], headers);

/** A list as a Table. */
export const listTable = (served: ServedResource, list: KubeList, policy: Policy, version: string, now: Time): Table =>
  table(served, version, list.metadata, list.items.map((item) => rowOf(served, item, policy, version, now)), true);

/** Shapes an answer as the client accepts it; errors and Statuses stay what they are. Throws the 406 of who wants a list's shape for one object, or the other way round. */
export function shapeBody(served: ServedResource, body: unknown, accept: Accepted, include: string | undefined, now: Time): unknown {
  if (accept.as === '') return body;
  const { kind } = body as { kind?: string };
  if (kind === 'Status') return body;
  const isList = Array.isArray((body as Partial<KubeList>).items) && 'metadata' in (body as object) && kind?.endsWith('List') === true;
  if (accept.as === 'Table') {
    const policy = includeObject(include);
    if (kind === 'Scale' && served.info.kind !== kind) return scaleTable(served, body as KubeObject & Scale, policy, accept.version, now);
    return isList ? listTable(served, body as KubeList, policy, accept.version, now) : objectTable(served, body as KubeObject, policy, accept.version, now);
  }
  if (isList !== (accept.as === 'PartialObjectMetadataList')) {
    throw failure(406, 'NotAcceptable', `you requested ${accept.as}, but the requested object is ${isList ? 'a list' : 'not a list'} (*${served.custom ? `unstructured.Unstructured${isList ? 'List' : ''}` : `${internalPackage(served.info.group)}.${kind ?? ''}`})`);
  }
  return isList ? partialMetadataList(body as KubeList, accept.version) : partialMetadata(body as KubeObject, accept.version);
}

/** Shapes the objects of a watch. Only the first Table says its columns. */
export function watchShape(served: ServedResource, accept: Accepted, include: string | undefined, now: () => Time): ((object: KubeObject) => unknown) | undefined {
  if (accept.as === '') return undefined;
  if (accept.as !== 'Table') return (object) => partialMetadata(object, accept.version);
  const policy = includeObject(include);
  let first = true;
  return (object) => {
    const shaped = objectTable(served, object, policy, accept.version, now(), first);
    first = false;
    return shaped;
  };
}
