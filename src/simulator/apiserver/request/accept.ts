import { failure, type StatusError } from '../../api';

/** How a client wants its answer. */
export interface Accepted {
  readonly mediaType: 'application/json' | 'application/yaml' | 'application/vnd.kubernetes.protobuf';
  /** Table, PartialObjectMetadata …, or '' for the object itself. */
  readonly as: string;
  readonly version: string;
  readonly group: string;
}

interface Clause {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
}

const supported = new Set(['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf']);
const plain: Accepted = Object.freeze({ mediaType: 'application/json', as: '', version: '', group: '' });
const parsed = new Map<string, readonly Clause[]>();

function clausesOf(header: string): readonly Clause[] {
  const known = parsed.get(header);
  if (known) return known;
  const clauses = header.split(',').map((text): Clause => {
    const [type = '', ...rest] = text.split(';').map((part) => part.trim());
    const parameters = new Map(rest.map((part) => [part.slice(0, part.indexOf('=')).trim(), part.slice(part.indexOf('=') + 1).trim()] as const));
    return { type, parameters, quality: Number(parameters.get('q') ?? 1) };
  });
  clauses.sort((a, b) => b.quality - a.quality);
  if (parsed.size > 1000) parsed.clear();
  parsed.set(header, clauses);
  return clauses;
}

/** 406 */
export const notAcceptable = (watch: boolean): StatusError =>
  failure(406, 'NotAcceptable', `only the following media types are accepted: ${watch ? 'application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch' : 'application/json, application/yaml, application/vnd.kubernetes.protobuf'}`);

/** Refuses what no resource is ever sent as, whatever is asked for; only reads of collections say that they stream as well. Throws a 406. */
export function checkRepresentation(header: string | undefined, collection: boolean): void {
  if (takes(header, ...supported)) return;
  const streams = collection ? ', application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch' : '';
  throw failure(406, 'NotAcceptable', `406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, application/vnd.kubernetes.protobuf${streams}`, {});
}

/** Whether a client takes one of these media types, or anything. */
export const takes = (header: string | undefined, ...types: readonly string[]): boolean =>
  header === undefined || header === '' || clausesOf(header).some(({ type }) => type === '*/*' || types.includes(type));

/** Refuses who does not take JSON, where there is nothing else. Throws a 406. */
export function checkTakesJson(header: string | undefined): void {
  if (!takes(header, 'application/json')) throw failure(406, 'NotAcceptable', '406: Not Acceptable\n\nAvailable representations: application/json', {});
}

/** The first of the client's wishes that can be met; `allows` says which transformations are. Throws a 406. */
export function accepted(header: string | undefined, allows: (as: string, group: string, version: string) => boolean, watch = false): Accepted {
  if (header === undefined || header === '') return plain;
  for (const { type, parameters } of clausesOf(header)) {
    const mediaType = type === '*/*' ? 'application/json' : type;
    if (!supported.has(mediaType) || (watch && mediaType === 'application/yaml')) continue;
    const as = parameters.get('as') ?? '';
    const group = parameters.get('g') ?? '';
    const version = parameters.get('v') ?? '';
    if (as !== '' && !allows(as, group, version)) continue;
    return { mediaType: mediaType as Accepted['mediaType'], as, group, version };
  }
  throw notAcceptable(watch && !clausesOf(header).some(({ parameters }) => parameters.has('as')));
}

const transformations = new Set(['Table', 'PartialObjectMetadata', 'PartialObjectMetadataList']);

/** What may be asked for of objects: a Table, or their metadata alone. An answer to what is not stored, a review, has no columns. */
export const objectTransformations = (verb: string, unstored: boolean) => (as: string, group: string, version: string): boolean =>
  !(unstored && verb === 'create' && as === 'Table') && group === 'meta.k8s.io' && (version === 'v1' || version === 'v1beta1') && transformations.has(as);
