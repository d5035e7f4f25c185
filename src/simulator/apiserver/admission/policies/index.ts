import { failure, type StatusError, type ValidatingAdmissionPolicy, type ValidatingAdmissionPolicyBinding, type Validation } from '../../../api';
import { forbidden as forbiddenError } from '../../errors';
import type { AdmissionAttributes, AdmissionContext, AdmissionPlugin } from '../plugin';
import { conditionsHold, type Denial, paramsOf } from './binding';
import { Evaluation, ExpressionError } from './evaluate';
import { resourcesMatch } from './match';

const group = 'admissionregistration.k8s.io';
const policiesResource = { group, version: 'v1', resource: 'validatingadmissionpolicies' };
const bindingsResource = { group, version: 'v1', resource: 'validatingadmissionpolicybindings' };

type PolicySpec = NonNullable<ValidatingAdmissionPolicy['spec']>;

const codes: Readonly<Record<string, number>> = { Unauthorized: 401, Forbidden: 403, Invalid: 422, RequestEntityTooLarge: 413 };

/** The refusal that a policy's denial becomes. */
function refusal({ resource, name }: AdmissionAttributes, policy: string, binding: string, { message, reason }: Denial): StatusError {
  const text = `ValidatingAdmissionPolicy '${policy}' with binding '${binding}' denied request: ${message}`;
  const { status } = forbiddenError(resource, name, text);
  return failure(codes[reason] ?? 422, reason, status.message ?? '', { ...status.details, causes: [{ message: text }] });
}

/** What a failed validation says: its own words, or the expression. */
function denialOf({ expression, message, messageExpression, reason }: Validation, evaluation: Evaluation): Denial {
  let text: unknown;
  if ((messageExpression ?? '') !== '') {
    try {
      text = evaluation.run(messageExpression ?? '');
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
    }
  }
  const usable = typeof text === 'string' && text.trim() !== '' && !text.includes('\n') ? text.trim() : undefined;
  const own = (message ?? '') === '' ? undefined : message?.trim();
  return { message: usable ?? own ?? `failed expression: ${expression.trim()}`, reason: (reason ?? '') === '' ? 'Invalid' : (reason as string) };
}

function* denials(spec: PolicySpec, evaluation: Evaluation): Generator<Denial> {
  const hold = conditionsHold(spec, evaluation);
  if (hold === false) return;
  if (hold !== true) {
    yield hold;
    return;
  }
  for (const validation of spec.validations ?? []) {
    try {
      const holds = evaluation.run(validation.expression) === true;
      if (evaluation.isSpent) {
        if (spec.failurePolicy !== 'Ignore') yield { message: 'validation failed due to running out of cost budget, no further validation rules will be run', reason: 'Invalid' };
        return;
      }
      if (!holds) yield denialOf(validation, evaluation);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      if (spec.failurePolicy !== 'Ignore') yield failed(validation.expression, error);
    }
  }
  yield* failedAnnotations(spec, evaluation);
}

const failed = (expression: string, error: ExpressionError): Denial => ({ message: `expression '${expression}' resulted in error: ${error.message}`, reason: 'Invalid' });

/** Annotations for the audit log are worked out, too; nothing keeps them. */
function* failedAnnotations({ auditAnnotations = [], failurePolicy }: PolicySpec, evaluation: Evaluation): Generator<Denial> {
  for (const { valueExpression } of auditAnnotations) {
    try {
      evaluation.run(valueExpression);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      if (failurePolicy !== 'Ignore') yield failed(valueExpression.trim(), error);
    }
  }
}

function apply(attributes: AdmissionAttributes, context: AdmissionContext, policy: ValidatingAdmissionPolicy, binding: ValidatingAdmissionPolicyBinding): void {
  const spec = policy.spec ?? {};
  const names = [policy.metadata?.name ?? '', binding.metadata?.name ?? ''] as const;
  const params = paramsOf(spec, binding.spec?.paramRef, attributes, context);
  if (typeof params === 'string') {
    if (spec.failurePolicy === 'Ignore') return;
    throw refusal(attributes, ...names, { message: `failed to configure binding: ${params}`, reason: 'Invalid' });
  }
  const actions = binding.spec?.validationActions ?? [];
  for (const param of params) {
    const evaluation = new Evaluation(attributes, context, { hasParams: spec.paramKind !== undefined, hasAuthorizer: true, mutates: false }, spec.variables ?? [], param);
    for (const denial of denials(spec, evaluation)) {
      if (actions.includes('Audit')) attributes.audit('validation.policy.admission.k8s.io/validation_failure', JSON.stringify([{ message: denial.message, policy: names[0], binding: names[1], validationActions: actions }]));
      if (actions.includes('Warn')) attributes.warn(`Validation failed for ValidatingAdmissionPolicy '${names[0]}' with binding '${names[1]}': ${denial.message}`);
      if (actions.includes('Deny')) throw refusal(attributes, ...names, denial);
    }
  }
}

const ownKinds = /^(validating|mutating)(admissionpolic(ies|ybindings)|webhookconfigurations)$/;

/** Holds requests to rules in CEL (KEP-3488). */
export const validatingAdmissionPolicy: AdmissionPlugin = {
  name: 'ValidatingAdmissionPolicy',
  handles: (target) => target.group !== group || !ownKinds.test(target.resource),
  validate(attributes, context) {
    const bindings = context.list<ValidatingAdmissionPolicyBinding>(bindingsResource);
    for (const binding of bindings) {
      const policy = context.get<ValidatingAdmissionPolicy>(policiesResource, undefined, binding.spec?.policyName ?? '');
      if (!policy || !resourcesMatch(policy.spec?.matchConstraints, attributes, context)) continue;
      if (binding.spec?.matchResources && !resourcesMatch(binding.spec.matchResources, attributes, context)) continue;
      apply(attributes, context, policy, binding);
    }
  },
};
