import { type ApiResponse, type Eviction, failure, matcherForSelector, type Pod, type PodDisruptionBudget, typeForKind, type TypeSchema } from '../../api';
import { formatTime, type Task } from '../../kernel';
import type { ResourceCall, ServerParts } from '../call';
import { badRequest, internalError } from '../errors';
import { admissionSubject, writeRequest } from '../registry/write-request';
import { readBody } from '../registry/body';
import { decodeDraft } from '../registry/decode';
import { deleteObject } from '../registry/delete';
import { type DeletionOptions, deletionOptions } from '../registry/delete-options';
import { writeOptions } from '../registry/options';
import { readObject } from '../registry/read-object';
import { updateObject } from '../registry/update';
import { mutate, validate } from '../registry/admit';
import type { Draft } from '../resources/definition';
import { createdStatus } from './binding';

const evictionKind = { group: 'policy', version: 'v1', kind: 'Eviction' };
const earlierKind = { ...evictionKind, version: 'v1beta1' };

/** POST pods/NAME/eviction: a delete that asks the disruption budgets first (kubernetes.io: API-initiated Eviction). */
export function* answerEviction(server: ServerParts, call: ResourceCall): Task<ApiResponse> {
  const options = writeOptions(call.query, 'CreateOptions');
  const body = readBody(call.request, 'Eviction');
  const kind = (body.value as { readonly apiVersion?: string }).apiVersion === 'policy/v1beta1' ? earlierKind : evictionKind;
  const draft = decodeDraft(typeForKind(evictionKind) as TypeSchema, body, kind, options, call.warnings);
  if ((draft.metadata['name'] ?? '') !== call.info.name) throw badRequest('name in URL does not match name in Eviction object');
  const pod = (yield* readObject(server, call)) as Pod;
  const write = writeRequest(call, options);
  const subject = { ...admissionSubject(write, 'CREATE'), kind };
  yield* mutate(server, subject, draft, undefined);
  yield* validate(server, subject, draft, undefined);
  const given = (draft as unknown as Eviction).deleteOptions;
  const deletion: DeletionOptions = { ...deletionOptions(call.query, given ?? {}), ...(options.dryRun && { dryRun: true }) };
  if (needsBudget(pod)) yield* spendBudget(server, call, pod, deletion.dryRun);
  const target = { ...write, subresource: '', options: { ...options, dryRun: deletion.dryRun } };
  const isMeant = deletion.uid === undefined || deletion.uid === pod.metadata?.uid;
  if (!deletion.dryRun && isMeant) yield* updateObject(server, target, { make: (existing) => disrupted(existing as Pod, formatTime(server.kernel.now)), keepsManagedFields: true, internal: true });
  yield* deleteObject(server, target, deletion);
  return createdStatus();
}

const ended = new Set(['Succeeded', 'Failed', 'Pending']);
const needsBudget = (pod: Pod): boolean => pod.metadata?.deletionTimestamp === undefined && !ended.has(pod.status?.phase ?? '');
const isReady = (pod: Pod): boolean => pod.status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') === true;

function disrupted(pod: Pod, now: string): Draft {
  const others = (pod.status?.conditions ?? []).filter((condition) => condition.type !== 'DisruptionTarget');
  const condition = { type: 'DisruptionTarget', status: 'True', lastProbeTime: null, lastTransitionTime: now, reason: 'EvictionByEvictionAPI', message: 'Eviction API: evicting' };
  return { ...pod, metadata: { ...pod.metadata }, status: { ...pod.status, conditions: [...others, condition] } } as unknown as Draft;
}

const refuse = (message: string, retryAfterSeconds?: number) =>
  failure(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", { causes: [{ reason: 'DisruptionBudget', message }], ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) });

/** Takes one disruption from the budget that covers the Pod. Throws a 429 when there is none left. */
function* spendBudget(server: ServerParts, call: ResourceCall, pod: Pod, dryRun: boolean): Task {
  const resource = { group: 'policy', version: 'v1', resource: 'poddisruptionbudgets' };
  const covering = server.list<PodDisruptionBudget>(resource, call.namespace).filter((budget) => matcherForSelector(budget.spec?.selector).matches(pod.metadata?.labels));
  if (covering.length > 1) throw internalError('This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.');
  const [budget] = covering;
  if (budget === undefined) return;
  const { status } = budget;
  if (!isReady(pod)) {
    if (budget.spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow') return;
    if (status !== undefined && (status.currentHealthy ?? 0) >= (status.desiredHealthy ?? 0) && (status.desiredHealthy ?? 0) > 0) return;
  }
  const name = budget.metadata?.name ?? '';
  const served = server.served.find(resource.group, resource.version, resource.resource) as ResourceCall['served'];
  const write = { ...writeRequest(call, { dryRun, fieldManager: '', fieldValidation: 'Warn' as const, force: undefined }), served, name, subresource: 'status' };
  yield* updateObject(server, write, {
    internal: true,
    keepsManagedFields: true,
    make: (existing) => spent(existing as PodDisruptionBudget, pod.metadata?.name ?? '', formatTime(server.kernel.now)),
  });
}

function spent(budget: PodDisruptionBudget, pod: string, now: string): Draft {
  const { status } = budget;
  const name = budget.metadata?.name ?? '';
  if ((status?.observedGeneration ?? 0) < (budget.metadata?.generation ?? 0)) throw refuse(`The disruption budget ${name} is still being processed by the server.`, 10);
  if ((status?.disruptionsAllowed ?? 0) <= 0) throw refuse(`The disruption budget ${name} needs ${status?.desiredHealthy ?? 0} healthy pods and has ${status?.currentHealthy ?? 0} currently`);
  return {
    ...budget,
    metadata: { ...budget.metadata },
    status: { ...status, disruptionsAllowed: (status?.disruptionsAllowed ?? 0) - 1, disruptedPods: { ...status?.disruptedPods, [pod]: now } },
  } as unknown as Draft;
}
