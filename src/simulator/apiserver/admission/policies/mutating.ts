import { apiVersionOf, applyJsonPatch, applyPolicyPatch, celToJson, DecodeError, decodeValue, FailedTestError, failure, type GroupVersionKind, type MutatingAdmissionPolicy, type MutatingAdmissionPolicyBinding, type Mutation, PatchError, resourceForKind, type StatusError, TypedError, type TypeSchema } from '../../../api';
import { forbidden as forbiddenError, internalError } from '../../errors';
import { finish, kindProblem } from '../../registry/decode';
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
  return failure(403, 'Invalid', text, { ...status.details, causes: [{ message: text }] });
}

/** Why a policy's mutation cannot be made. */
class MutationError extends Error {}

function run(expression: string | undefined, evaluation: Evaluation): unknown {
  try {
    return celToJson(evaluation.run(expression ?? ''));
  } catch (error) {
    if (error instanceof ExpressionError) throw new MutationError(`expression '${expression ?? ''}' resulted in error: ${error.message}`);
    throw error;
  }
}

/** The object with one mutation made; as it was when a JSON patch's test fails. Throws MutationError. */
function mutated(draft: Draft, { patchType, applyConfiguration, jsonPatch }: Mutation, type: TypeSchema, evaluation: Evaluation): unknown {
  try {
    if (patchType === 'JSONPatch') return applyJsonPatch(draft, run(jsonPatch?.expression, evaluation));
    return applyPolicyPatch(type, draft, run(applyConfiguration?.expression, evaluation) as object);
  } catch (error) {
    if (error instanceof FailedTestError) return draft;
    if (error instanceof PatchError) throw new MutationError(`JSON Patch: ${error.message}`);
    if (error instanceof TypedError) throw new MutationError(`error applying patch: ${error.message}`);
    throw error;
  }
}

/** The object as a mutation left it, decoded anew. Throws the 500 of what is no object of the kind any more. */
function decoded(type: TypeSchema, value: unknown, kind: GroupVersionKind): Draft {
  const given = value as { readonly apiVersion?: string; readonly kind?: string };
  const apiVersion = apiVersionOf(kind.group, kind.version);
  if (given.kind !== kind.kind || given.apiVersion !== apiVersion) throw internalError(kindProblem({ apiVersion: given.apiVersion ?? '', kind: given.kind ?? '' }, kind, given));
  try {
    const { object, strictErrors } = decodeValue(type, given);
    if (strictErrors.length > 0) throw internalError(`strict decoding error: ${strictErrors.join(', ')}`);
    return finish(type, object, kind);
  } catch (error) {
    if (error instanceof DecodeError) throw internalError(error.message);
    throw error;
  }
}

function replace(draft: Draft, value: unknown, type: TypeSchema, { resource, kind }: AdmissionAttributes): void {
  if (value === draft) return;
  const made = decoded(type, JSON.parse(JSON.stringify(value)), kind);
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
        replace(draft, mutated(draft, mutation, type, evaluationFor(param)), type, attributes);
      } catch (error) {
        if (error instanceof MutationError) refuse(error.message);
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
      const id = `${policy.metadata?.name}/${binding.metadata?.name}`;
      if (!attributes.reinvocation.isDue(id)) continue;
      const before = JSON.stringify(attributes.object);
      apply(attributes, context, policy, binding);
      attributes.reinvocation.wasAsked(id, policy.spec?.reinvocationPolicy, JSON.stringify(attributes.object) !== before);
    }
  },
};
