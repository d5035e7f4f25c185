import { type ApiResponse, type Binding, type Pod, typeForKind, type TypeSchema } from '../../api';
import { formatTime, type Task } from '../../kernel';
import type { ResourceCall, ServerParts } from '../call';
import { badRequest, conflict, unexpected } from '../errors';
import { readBody } from '../registry/body';
import { admissionSubject, matchNamespace, writeRequest } from '../registry/write-request';
import { decodeDraft } from '../registry/decode';
import { writeOptions } from '../registry/options';
import { updateObject } from '../registry/update';
import { mutate, validate } from '../registry/admit';
import type { Draft } from '../resources/definition';

const bindingKind = { group: '', version: 'v1', kind: 'Binding' };
const created = Object.freeze({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 });

/** The answer of a subresource that did what it was asked. */
export const createdStatus = (): ApiResponse => ({ status: 201, body: created });

/** POST pods/NAME/binding: the scheduler says which node a Pod is for. */
export function* answerBinding(server: ServerParts, call: ResourceCall): Task<ApiResponse> {
  const options = writeOptions(call.query, 'CreateOptions');
  const type = typeForKind(bindingKind) as TypeSchema;
  const draft = decodeDraft(type, readBody(call.request, 'Binding'), bindingKind, options, call.warnings);
  matchNamespace(draft, call.namespace);
  const name = call.info.name === '' ? (draft.metadata['name'] as string) : call.info.name;
  if ((draft.metadata['name'] ?? '') !== name) throw badRequest('name in URL does not match name in Binding object');
  const binding = draft as unknown as Binding;
  const { kind = '', name: node = '' } = binding.target;
  if (kind !== '' && kind !== 'Node') throw unexpected(`target.kind: Unsupported value: ${JSON.stringify(kind)}: supported values: "Node", "<empty>"`);
  if (node === '') throw unexpected('target.name: Required value');
  const pods = server.served.find('', 'v1', 'pods') as ResourceCall['served'];
  const write = { ...writeRequest(call, options), served: pods, name, subresource: 'binding' };
  const subject = { ...admissionSubject(write, 'CREATE'), kind: bindingKind };
  yield* mutate(server, subject, draft, undefined);
  yield* validate(server, subject, draft, undefined);
  yield* updateObject(server, write, {
    make: (existing) => bound(existing as Pod, binding, node, formatTime(server.kernel.now)),
    keepsManagedFields: true,
    internal: true,
  });
  return createdStatus();
}

/** The Pod on its node. Throws a 409 when it is on one already. */
function bound(pod: Pod, binding: Binding, node: string, now: string): Draft {
  const name = pod.metadata?.name ?? '';
  const refuse = (message: string) => conflict({ group: '', resource: 'pods/binding' }, name, message);
  if (pod.metadata?.deletionTimestamp !== undefined) throw refuse(`pod ${name} is being deleted, cannot be assigned to a host`);
  if (pod.spec?.nodeName) throw refuse(`pod ${name} is already assigned to node ${JSON.stringify(pod.spec.nodeName)}`);
  if (pod.spec?.schedulingGates?.length) throw refuse(`pod ${name} has non-empty .spec.schedulingGates`);
  const { annotations, labels } = binding.metadata ?? {};
  const others = (pod.status?.conditions ?? []).filter((condition) => condition.type !== 'PodScheduled');
  const before = pod.status?.conditions?.find((condition) => condition.type === 'PodScheduled');
  const scheduled = { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: before?.status === 'True' ? before.lastTransitionTime : now };
  const at = before ? (pod.status?.conditions ?? []).indexOf(before) : others.length;
  const conditions = [...others.slice(0, at), scheduled, ...others.slice(at)];
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      ...(annotations && { annotations: { ...pod.metadata?.annotations, ...annotations } }),
      ...(labels && { labels: { ...labels, ...pod.metadata?.labels } }),
    },
    spec: { ...pod.spec, nodeName: node },
    status: { ...pod.status, conditions },
  } as unknown as Draft;
}
