import { type KubeObject, matcherForSelector, parseApiVersion, resourceForKind, type ValidatingAdmissionPolicy, type ValidatingAdmissionPolicyBinding } from '../../../api';
import type { AdmissionAttributes, AdmissionContext } from '../plugin';
import { type Evaluation, ExpressionError } from './evaluate';

type PolicySpec = Pick<NonNullable<ValidatingAdmissionPolicy['spec']>, 'matchConditions' | 'failurePolicy' | 'paramKind'>;
type ParamRef = NonNullable<NonNullable<ValidatingAdmissionPolicyBinding['spec']>['paramRef']>;

/** Why a policy refuses. */
export interface Denial {
  readonly message: string;
  readonly reason: string;
}

/** Whether the match conditions hold; a Denial when they cannot be told and the policy fails closed. */
export function conditionsHold({ matchConditions = [], failurePolicy }: PolicySpec, evaluation: Evaluation): boolean | Denial {
  let problem: string | undefined;
  for (const { expression } of matchConditions) {
    try {
      if (evaluation.run(expression) !== true) return false;
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      problem ??= `expression '${expression}' resulted in error: ${error.message}`;
    }
  }
  if (problem === undefined) return true;
  return failurePolicy === 'Ignore' ? false : { message: problem, reason: 'Invalid' };
}

/** The objects that a binding gives its policy as parameters; one undefined for a policy without. Throws a Denial's message. */
export function paramsOf({ paramKind }: PolicySpec, ref: ParamRef | undefined, attributes: AdmissionAttributes, context: AdmissionContext): readonly (KubeObject | undefined)[] | string {
  if (!paramKind || !ref) return [undefined];
  const { group: paramGroup, version } = parseApiVersion(paramKind.apiVersion ?? '');
  const info = resourceForKind({ group: paramGroup, version, kind: paramKind.kind ?? '' });
  const resource = { group: paramGroup, version, resource: info?.resource ?? `${(paramKind.kind ?? '').toLowerCase()}s` };
  const namespace = info && !info.namespaced ? undefined : (ref.namespace ?? '') !== '' ? ref.namespace : attributes.namespace;
  let found: readonly KubeObject[];
  if ((ref.name ?? '') !== '') {
    const one = context.get<KubeObject>(resource, namespace, ref.name ?? '');
    found = one ? [one] : [];
  } else found = context.list<KubeObject>(resource, namespace).filter(({ metadata }) => matcherForSelector(ref.selector).matches(metadata?.labels ?? {}));
  if (found.length > 0) return found;
  return ref.parameterNotFoundAction === 'Allow' ? [] : 'no params found for policy binding with `Deny` parameterNotFoundAction';
}
