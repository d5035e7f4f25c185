import { apiVersionOf, deepFreeze, type GroupVersionKind, type KubeObject, type WebhookConversion } from '../../api';
import type { Task } from '../../kernel';
import type { ServerParts } from '../call';
import { unexpected } from '../errors';
import { Errors, fieldPath, labelErrors } from '../field';
import type { Conversion } from '../registry/conversion';
import type { Draft } from '../resources/definition';
import { type Answer, ask } from './review';
import { CallError } from './target';

const userAgent = 'kube-apiserver-admission';
/** Seconds. */
const timeout = 30;

interface Converted {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string; readonly uid?: string; readonly labels?: Readonly<Record<string, string>>; readonly annotations?: Readonly<Record<string, string>> };
}

interface Response {
  readonly uid?: string;
  readonly convertedObjects?: readonly Converted[];
  readonly result?: { readonly status?: string; readonly message?: string };
}

/** How a CustomResourceDefinition's objects become those of another version. */
export interface WebhookConversionOptions {
  readonly server: ServerParts;
  readonly webhook: WebhookConversion;
  /** The version that is asked for. */
  readonly wanted: GroupVersionKind;
  /** The name of the version that is stored. */
  readonly stored: string;
  /** What an object in the asked version is read as (pruned, defaulted). */
  readonly read: (object: KubeObject) => KubeObject;
}

const withoutVersion = ({ metadata, ...rest }: KubeObject): object => {
  const { resourceVersion: _, ...kept } = metadata ?? {};
  return { ...rest, metadata: kept };
};

/** The metadata that a converted object gets: its own but for labels and annotations, which are the webhook's. Throws the text of what it may not say. */
function metadataOf(original: KubeObject, { metadata = {} }: Converted): object {
  const { name = '', namespace = '', uid = '' } = original.metadata ?? {};
  const differs = (what: string, own: string, theirs = ''): string | undefined => (own === theirs ? undefined : ` returned invalid object: must have the same ${what}: ${own} != ${theirs}`);
  const problem = differs('name', name, metadata.name) ?? differs('namespace', namespace, metadata.namespace) ?? differs('UID', uid, metadata.uid);
  if (problem !== undefined) throw new CallError(problem);
  const errors = new Errors();
  labelErrors(metadata.labels, fieldPath('metadata').child('labels'), errors);
  const found = errors.list.map(({ field, message }) => `${field}: ${message}`);
  if (found.length > 0) throw new CallError(` returned invalid metadata: ${found.length === 1 ? found[0] : `[${found.join(', ')}]`}`);
  const { labels: _, annotations: __, ...kept } = original.metadata ?? {};
  return { ...kept, ...(metadata.labels && { labels: metadata.labels }), ...(metadata.annotations && { annotations: metadata.annotations }) };
}

/** The objects of a response, each checked. Throws CallError with what follows "conversion webhook for KIND". */
function convertedOf(answer: Answer, uid: string, originals: readonly KubeObject[], desired: string, kind: string): Draft[] {
  const response = answer['response'] as Response | null | undefined;
  if (!response) throw new CallError(' failed: no response provided');
  if (response.uid !== uid) throw new CallError(` failed: expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response.uid ?? '')}`);
  const { status = '', message = '' } = response.result ?? {};
  if (status !== 'Success') throw new CallError(` failed: ${message === '' ? `response.result.status was '${status}', not 'Success'` : message}`);
  const objects = response.convertedObjects ?? [];
  if (objects.length !== originals.length) throw new CallError(` returned ${objects.length} objects, expected ${originals.length}`);
  return objects.map((object, index) => {
    const wrong = (what: string, expected: string, received = ''): CallError => new CallError(` returned invalid object at index ${index}: invalid ${what} (expected ${expected}, received ${received})`);
    if (object.apiVersion !== desired) throw wrong('groupVersion', desired, object.apiVersion);
    if (object.kind !== kind) throw wrong('kind', kind, object.kind);
    return { ...object, metadata: metadataOf(originals[index] as KubeObject, object) } as unknown as Draft;
  });
}

/** Asks the webhook for objects in another version. Throws a 500. */
function* convert({ server, webhook: { clientConfig, conversionReviewVersions }, wanted: { kind } }: WebhookConversionOptions, objects: readonly KubeObject[], desired: string): Task<Draft[]> {
  const [first] = objects;
  if (!first) return [];
  const uid = server.random.uuid();
  const apiVersion = `apiextensions.k8s.io/${conversionReviewVersions.find((version) => version === 'v1' || version === 'v1beta1') ?? 'v1'}`;
  const review = { kind: 'ConversionReview', apiVersion, request: { uid, desiredAPIVersion: desired, objects: objects.map(withoutVersion) }, response: { uid: '', convertedObjects: null, result: { metadata: {} } } };
  try {
    const answer = yield* ask(server, { config: clientConfig ?? {}, userAgent, timeout, late: 'net/http: request canceled (Client.Timeout exceeded while awaiting headers)', apiVersion, kind: 'ConversionReview', review });
    return convertedOf(answer, uid, objects, desired, kind);
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    throw unexpected(`conversion webhook for ${first.apiVersion}, Kind=${kind}${error.message.startsWith(' ') ? '' : ' failed: '}${error.message}`);
  }
}

/** A conversion that asks a webhook (kubernetes.io: Versions in CustomResourceDefinitions, Webhook conversion). */
export function webhookConversion(options: WebhookConversionOptions): Conversion {
  const { wanted: { group, version }, stored, read } = options;
  const wanted = apiVersionOf(group, version);
  const known = new WeakMap<object, KubeObject>();
  return {
    *toStored(draft) {
      const desired = apiVersionOf(group, stored);
      if (draft['apiVersion'] === desired) return;
      const [made] = yield* convert(options, [draft as unknown as KubeObject], desired);
      const { resourceVersion } = draft.metadata;
      for (const field of Object.keys(draft)) delete draft[field];
      Object.assign(draft, made);
      if (resourceVersion !== undefined) draft.metadata['resourceVersion'] = resourceVersion;
    },
    *load(objects, fresh) {
      const others = objects.filter((object) => object.apiVersion !== wanted && (fresh === true || !known.has(object)));
      const made = yield* convert(options, others, wanted);
      for (const [index, object] of others.entries()) known.set(object, deepFreeze(read(made[index] as unknown as KubeObject)));
    },
    fromStored: <T extends KubeObject>(object: T): T => (known.get(object) ?? (object.apiVersion === wanted ? read(object) : object)) as T,
  };
}
