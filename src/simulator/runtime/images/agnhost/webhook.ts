import { base64Encode, hours, seconds, type Task, utf8Decode, utf8Encode } from '../../../kernel';
import type { HttpAnswer } from '../../../network';
import type { System } from '../../interface';
import { serveSecurely } from '../secure-server';

interface Thing {
  readonly metadata?: { readonly name?: string; readonly labels?: Readonly<Record<string, string>> };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: { readonly containers?: readonly { readonly name?: string }[]; readonly initContainers?: readonly unknown[] };
}

interface Request {
  readonly uid: string;
  readonly operation: string;
  readonly name?: string;
  readonly object: Thing | null;
  readonly oldObject: Thing | null;
}

interface Response {
  readonly allowed: boolean;
  readonly message?: string;
  readonly patch?: readonly object[];
}

type Decide = (request: Request, system: System) => Task<Response> | Response;

const allowed: Response = { allowed: true };
const denied = (...reasons: readonly string[]): Response => ({ allowed: false, message: reasons.join('; ') });
const label = 'webhook-e2e-test';
const disallow = 'webhook-disallow';

function* pods({ object, operation }: Request, system: System): Task<Response> {
  if (operation !== 'CREATE') return allowed;
  if (object?.metadata?.labels?.[label] === 'wait-forever') yield* system.sleep(hours(1));
  const reasons = [
    ...((object?.spec?.containers ?? []).some(({ name }) => name?.includes(disallow)) ? ['the pod contains unwanted container name'] : []),
    ...(object?.metadata?.labels?.[label] === disallow ? ['the pod contains unwanted label'] : []),
  ];
  return reasons.length > 0 ? denied(...reasons) : allowed;
}

/** Refuses data with a certain value, and the deletion of what has another. */
const checkData = (thing: string, contents: string) => ({ object, oldObject, operation }: Request): Response => {
  if (operation === 'DELETE') return oldObject?.data?.[label] === 'webhook-nondeletable' ? denied(`the ${thing} cannot be deleted because it contains unwanted key and value`) : allowed;
  return object?.data?.[label] === disallow ? denied(`the ${thing} contains unwanted ${contents}`) : allowed;
};

/** Adds a first stage where the start is there, and a second where the first is. */
function stages({ object }: Request): Response {
  const data = object?.data ?? {};
  const add = (stage: string): object => ({ op: 'add', path: `/data/${stage}`, value: 'yes' });
  return {
    allowed: true,
    patch: [...(data['mutation-start'] === 'yes' ? [add('mutation-stage-1')] : []), ...(data['mutation-stage-1'] === 'yes' ? [add('mutation-stage-2')] : [])],
  };
}

const addedContainer = { name: 'webhook-added-init-container', image: 'webhook-added-image', resources: {} };

function addContainer({ object }: Request): Response {
  if (object?.metadata?.name !== 'webhook-to-be-mutated') return allowed;
  return { allowed: true, patch: [{ op: 'add', path: '/spec/initContainers', value: [...(object.spec?.initContainers ?? []), addedContainer] }] };
}

const paths: Readonly<Record<string, Decide>> = {
  '/always-deny': () => denied('this webhook denies all requests'),
  *'/always-allow-delay-5s'(_, system) {
    yield* system.sleep(seconds(5));
    return allowed;
  },
  '/add-label': ({ object }) => ({
    allowed: true,
    patch: object?.metadata?.labels === undefined ? [{ op: 'add', path: '/metadata/labels', value: { 'added-label': 'yes' } }] : object.metadata.labels['added-label'] === 'yes' ? [] : [{ op: 'add', path: '/metadata/labels/added-label', value: 'yes' }],
  }),
  '/pods': pods,
  '/pods/attach': ({ name }) => (name === 'to-be-attached-pod' ? denied("attaching to pod 'to-be-attached-pod' is not allowed") : allowed),
  '/mutating-pods': addContainer,
  '/configmaps': checkData('configmap', 'key and value'),
  '/mutating-configmaps': stages,
  '/custom-resource': checkData('custom resource', 'data'),
  '/mutating-custom-resource': stages,
  '/crd': ({ object }) => (object?.metadata?.labels?.[label] === disallow ? denied('the crd contains unwanted label') : allowed),
};

const json = [['Content-Type', 'application/json']] as const;

function* answer(system: System, decide: Decide, body: Uint8Array): Task<HttpAnswer> {
  const { apiVersion, request } = JSON.parse(utf8Decode(body)) as { readonly apiVersion: string; readonly request: Request };
  const decided = decide(request, system);
  const { allowed, message, patch = [] } = 'allowed' in decided ? decided : yield* decided;
  const response = {
    uid: request.uid, allowed, ...(message !== undefined && { status: { metadata: {}, message } }),
    ...(patch.length > 0 && { patch: base64Encode(utf8Encode(JSON.stringify(patch))), patchType: 'JSONPatch' }),
  };
  return { status: 200, headers: json, body: JSON.stringify({ kind: 'AdmissionReview', apiVersion, response }) };
}

/** agnhost webhook: admission webhooks that the conformance tests ask. */
export function* webhook(system: System, flags: ReadonlyMap<string, string>): Task<number> {
  const file = flags.get('tls-cert-file');
  const certificate = file === undefined ? '' : system.files.readText(file);
  yield* serveSecurely(system, { certificate, port: Number(flags.get('port') ?? 443) }, function* ({ target, body }) {
    const [path = ''] = target.split('?');
    if (path === '/readyz') return { status: 200, headers: [['Content-Type', 'text/plain; charset=utf-8']], body: 'ok' };
    const decide = paths[path];
    return decide ? yield* answer(system, decide, body) : { status: 404, headers: [['Content-Type', 'text/plain; charset=utf-8']], body: '404 page not found\n' };
  });
  return 0;
}
