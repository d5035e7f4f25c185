import { applyJsonPatch, applyStrategicPatch, celToJson, failure, type MutatingAdmissionPolicy, type MutatingAdmissionPolicyBinding, type Mutation, PatchError, resourceForKind, type StatusError, type TypeSchema } from '../../../api';
import { forbidden as forbiddenError } from '../../errors';
import { anyDefinitionFor } from '../../resources/software';
import type { Draft } from '../../resources/definition';
import type { AdmissionAttributes, AdmissionContext, AdmissionPlugin } from '../plugin';
import { conditionsHold, paramsOf } from './binding';
import { Evaluation, ExpressionError } from './evaluate';
import { resourcesMatch } from './match';

const group = 'admissionregistration.k8s.io';
const policiesResource = { group, version: 'v1', resource: 'mutatingadmissionpolicies' };
const bindingsResource = { group, version: 'v1', resource: 'mutatingadmissionpolicybindings' };

type Spec = NonNullable<MutatingAdmissionPolicy['spec']>;

function refusal({ resource, name }: AdmissionAttributes, policy: string, binding: string, message: string): StatusError {
  const text = `policy '${policy}' with binding '${binding}' denied request: ${message}`;
  const { status } = forbiddenError(resource, name, text);
  return failure(422, 'Invalid', status.message ?? '', { ...status.details, causes: [{ message: text } as { message: string; reason: string }] });
}

/** The object with one mutation made. Throws ExpressionError or PatchError. */
function mutated(draft: Draft, { patchType, applyConfiguration, jsonPatch }: Mutation, type: TypeSchema, evaluation: Evaluation): unknown {
  if (patchType === 'JSONPatch') return applyJsonPatch(draft, celToJson(evaluation.run(jsonPatch?.expression ?? '')));
  return applyStrategicPatch(type, draft, celToJson(evaluation.run(applyConfiguration?.expression ?? '')) as Record<string, unknown>);
}

function replace(draft: Draft, value: unknown, { resource }: AdmissionAttributes): void {
  const made = JSON.parse(JSON.stringify(value)) as Draft;
  anyDefinitionFor(resource.group, resource.resource)?.applyDefaults?.(made);
  for (const field of Object.keys(draft)) delete draft[field];
  Object.assign(draft, made);
}

function apply(attributes: AdmissionAttributes, context: AdmissionContext, policy: MutatingAdmissionPolicy, binding: MutatingAdmissionPolicyBinding): void {
  const spec: Spec = policy.spec ?? {};
  const type = resourceForKind(attributes.kind)?.type;
  const { object: draft } = attributes;
  if (!draft || !type) return;
  const refuse = (message: string): void => {
    if (spec.failurePolicy !== 'Ignore') throw refusal(attributes, policy.metadata?.name ?? '', binding.metadata?.name ?? '', message);
  };
  const params = paramsOf(spec, binding.spec?.paramRef, attributes, context);
  if (typeof params === 'string') return refuse(`failed to configure binding: ${params}`);
  const evaluationFor = (param: (typeof params)[number]) => new Evaluation(attributes, context, { hasParams: spec.paramKind !== undefined, hasAuthorizer: true, mutates: true }, spec.variables ?? [], param);
  for (const param of params) {
    const hold = conditionsHold(spec, evaluationFor(param));
    if (hold === false) continue;
    if (hold !== true) return refuse(hold.message);
    for (const mutation of spec.mutations ?? []) {
      try {
        replace(draft, mutated(draft, mutation, type, evaluationFor(param)), attributes);
      } catch (error) {
        if (error instanceof ExpressionError || error instanceof PatchError) refuse(error.message);
        else throw error;
      }
    }
  }
}

/** Changes requests by rules in CEL (KEP-3962). */
export const mutatingAdmissionPolicy: AdmissionPlugin = {
  name: 'MutatingAdmissionPolicy',
  handles: (target) => target.group !== group && (target.operation === 'CREATE' || target.operation === 'UPDATE'),
  mutate(attributes, context) {
    for (const binding of context.list<MutatingAdmissionPolicyBinding>(bindingsResource)) {
      const policy = context.get<MutatingAdmissionPolicy>(policiesResource, undefined, binding.spec?.policyName ?? '');
      if (!policy || !resourcesMatch(policy.spec?.matchConstraints, attributes, context)) continue;
      if (binding.spec?.matchResources && !resourcesMatch(binding.spec.matchResources, attributes, context)) continue;
      apply(attributes, context, policy, binding);
    }
  },
};
