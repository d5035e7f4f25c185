import { type AuditAnnotation, isDns1035Label, isDns1123Subdomain, isQualifiedName, type KubeObject, type MatchResources, type MutatingAdmissionPolicy, type Mutation, type NamedRuleWithOperations, selectorGoText, type ValidatingAdmissionPolicy, type ValidatingAdmissionPolicyBinding, type Variable } from '../../../api';
import { type Errors, labelSelectorErrors, type Path, pathSegmentReasons } from '../../field';
import { age, nameOf } from '../cells';
import { checkConditions } from '../conditions';
import type { Draft, ResourceDefinition } from '../definition';
import { checkOneOf } from '../pod-spec';
import { collect, newWithGeneration, bumpGeneration, specPath, statusPath, statusStrategy, updateSpec } from '../strategy';
import { expressionProblem, type PolicyScope } from './expressions';
import { checkMatchConditions, checkRule, checkSelectors } from './rules';

const group = 'admissionregistration.k8s.io';
const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/;

function defaultMatch(match: Record<string, unknown> | undefined): void {
  if (!match) return;
  match['matchPolicy'] ??= 'Equivalent';
  match['namespaceSelector'] ??= {};
  match['objectSelector'] ??= {};
  for (const list of ['resourceRules', 'excludeResourceRules']) for (const rule of (match[list] ?? []) as Record<string, unknown>[]) rule['scope'] ??= '*';
}

const specOf = (draft: Draft): Record<string, unknown> => (draft['spec'] ??= {}) as Record<string, unknown>;

function defaultPolicy(draft: Draft): void {
  const spec = specOf(draft);
  spec['failurePolicy'] ??= 'Fail';
  defaultMatch(spec['matchConstraints'] as Record<string, unknown> | undefined);
}

function checkNamedRules(rules: readonly NamedRuleWithOperations[], path: Path, errors: Errors): void {
  for (const [index, rule] of rules.entries()) {
    const names = new Set<string>();
    for (const [nameIndex, name] of (rule.resourceNames ?? []).entries()) {
      const at = path.index(index).child('resourceNames').index(nameIndex);
      errors.invalidEach(at, name, pathSegmentReasons(name));
      if (names.has(name)) errors.duplicate(at, name);
      names.add(name);
    }
    checkRule(rule, path.index(index), errors);
  }
}

function checkMatch(match: MatchResources, required: boolean, path: Path, errors: Errors): void {
  if (match.matchPolicy === undefined) errors.required(path.child('matchPolicy'));
  else checkOneOf(match.matchPolicy, ['Equivalent', 'Exact'], path.child('matchPolicy'), errors);
  checkSelectors(match, path, errors);
  checkNamedRules(match.resourceRules ?? [], path.child('resourceRules'), errors);
  checkNamedRules(match.excludeResourceRules ?? [], path.child('excludeResourceRules'), errors);
  if (required && (match.resourceRules ?? []).length === 0) errors.required(path.child('resourceRules'));
}

function checkParamKind(kind: { readonly apiVersion?: string; readonly kind?: string } | undefined, path: Path, errors: Errors): void {
  if (!kind) return;
  if ((kind.apiVersion ?? '') === '') errors.required(path.child('apiVersion'));
  else if ((kind.apiVersion ?? '').split('/').length > 2) errors.invalid(path.child('apiVersion'), kind.apiVersion, `unexpected GroupVersion string: ${kind.apiVersion ?? ''}`);
  else {
    const [first = '', second] = (kind.apiVersion ?? '').split('/');
    const [paramGroup, version] = second === undefined ? ['', first] : [first, second];
    if (paramGroup !== '') errors.invalidEach(path.child('apiVersion'), paramGroup, isDns1123Subdomain(paramGroup));
    if (version === '') errors.invalid(path.child('apiVersion'), kind.apiVersion, 'version must be specified');
    else errors.invalidEach(path.child('apiVersion'), version, isDns1035Label(version));
  }
  if ((kind.kind ?? '') === '') errors.required(path.child('kind'));
  else {
    const reasons = isDns1035Label((kind.kind ?? '').toLowerCase());
    if (reasons.length > 0) errors.invalid(path.child('kind'), kind.kind, `may have mixed case, but should otherwise match: ${reasons.join(',')}`);
  }
}

function checkExpression(expression: string, types: readonly string[], scope: PolicyScope, path: Path, errors: Errors): void {
  if (expression.trim() === '') return errors.required(path, 'expression is not specified');
  const problem = expressionProblem(expression, types, scope);
  if (problem !== undefined) errors.invalid(path, expression, problem);
}

/** Names that the language keeps for itself. */
const keywords = new Set(['true', 'false', 'null', 'in', 'as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if', 'import', 'let', 'loop', 'package', 'namespace', 'return', 'var', 'void', 'while']);

function checkVariables(variables: readonly Variable[], scope: PolicyScope, path: Path, errors: Errors): void {
  for (const [index, { name, expression }] of variables.entries()) {
    const at = path.index(index);
    if (name === '') errors.required(at.child('name'), 'name is not specified');
    else if (!identifier.test(name) || keywords.has(name)) errors.invalid(at.child('name'), name, 'must be a valid CEL identifier');
    checkExpression(expression, [], { ...scope, variables: variables.slice(0, index) }, at.child('expression'), errors);
  }
}

const scopeOf = ({ paramKind }: { readonly paramKind?: unknown }, mutates: boolean): PolicyScope => ({ hasParams: paramKind !== undefined, hasAuthorizer: true, mutates });

function checkValidating({ metadata, spec }: ValidatingAdmissionPolicy, errors: Errors): void {
  const policyName = metadata?.name ?? '';
  const own = spec ?? {};
  if (own.failurePolicy === undefined) errors.required(specPath.child('failurePolicy'));
  else checkOneOf(own.failurePolicy, ['Fail', 'Ignore'], specPath.child('failurePolicy'), errors);
  checkParamKind(own.paramKind, specPath.child('paramKind'), errors);
  if (!own.matchConstraints) errors.required(specPath.child('matchConstraints'));
  else checkMatch(own.matchConstraints, true, specPath.child('matchConstraints'), errors);
  const outer = scopeOf(own, false);
  if (own.matchConditions) checkMatchConditions(own.matchConditions, outer, specPath.child('matchConditions'), errors);
  const variables = own.variables ?? [];
  checkVariables(variables, outer, specPath.child('variables'), errors);
  const scope = variables.length === 0 ? outer : { ...outer, variables };
  const validations = own.validations ?? [];
  if (validations.length === 0 && (own.auditAnnotations ?? []).length === 0) {
    errors.required(specPath.child('validations'), 'validations or auditAnnotations must contain at least one item');
    errors.required(specPath.child('auditAnnotations'), 'validations or auditAnnotations must contain at least one item');
  }
  for (const [index, { expression, message = '', reason, messageExpression = '' }] of validations.entries()) {
    const at = specPath.child('validations').index(index);
    checkExpression(expression, ['bool'], scope, at.child('expression'), errors);
    if (message !== '' && message.trim() === '') errors.invalid(at.child('message'), message, 'must be non-empty if specified');
    else if (/[\r\n]/.test(message.trim())) errors.invalid(at.child('message'), message, 'must not contain line breaks');
    if (messageExpression !== '' && messageExpression.trim() === '') errors.invalid(at.child('messageExpression'), messageExpression, 'must be non-empty if specified');
    else if (messageExpression !== '') checkExpression(messageExpression, ['string'], { ...scope, hasAuthorizer: false }, at.child('messageExpression'), errors);
    if (reason !== undefined) checkOneOf(reason, ['Forbidden', 'Invalid', 'RequestEntityTooLarge'], at.child('reason'), errors);
  }
  checkAnnotations(policyName, own.auditAnnotations ?? [], scope, specPath.child('auditAnnotations'), errors);
}

const annotationLimit = 20;
const annotationBytes = 5120;

function checkAnnotations(policyName: string, annotations: readonly AuditAnnotation[], scope: PolicyScope, path: Path, errors: Errors): void {
  if (annotations.length > annotationLimit) errors.invalid(path, annotations.map(({ key, valueExpression }) => ({ Key: key, ValueExpression: valueExpression })), `must not have more than ${annotationLimit} auditAnnotations`);
  const keys = new Set<string>();
  for (const [index, { key, valueExpression }] of annotations.entries()) {
    const at = path.index(index);
    errors.invalidEach(at.child('key'), `${policyName}/${key}`, isQualifiedName(`${policyName}/${key}`));
    const value = at.child('valueExpression');
    if (valueExpression.trim() === '') errors.required(value, 'valueExpression is not specified');
    else if (valueExpression.trim().length > annotationBytes) errors.required(value, `must not exceed ${annotationBytes} bytes in length`);
    else {
      const problem = expressionProblem(valueExpression.trim(), ['string', 'null_type'], scope);
      if (problem !== undefined) errors.invalid(value, valueExpression, problem);
    }
    if (keys.has(key)) errors.duplicate(at.child('key'), key);
    keys.add(key);
  }
}

const paramText = (kind: { readonly apiVersion?: string; readonly kind?: string } | undefined): string => (kind ? `${kind.apiVersion ?? ''}/${kind.kind ?? ''}` : '<unset>');

/** ValidatingAdmissionPolicies: rules in CEL (KEP-3488). */
export const validatingadmissionpolicies: ResourceDefinition<ValidatingAdmissionPolicy> = {
  group,
  resource: 'validatingadmissionpolicies',
  applyDefaults: defaultPolicy,
  prepareForCreate: newWithGeneration,
  validateCreate: (policy) => collect((errors) => checkValidating(policy, errors)),
  prepareForUpdate: updateSpec,
  validateUpdate: (policy) => collect((errors) => checkValidating(policy, errors)),
  subresources: { status: statusStrategy<ValidatingAdmissionPolicy>((policy) => collect((errors) => checkConditions(policy.status?.conditions, statusPath.child('conditions'), errors)), 'all') },
  cells: (policy, now) => [nameOf(policy), (policy.spec?.validations ?? []).length, paramText(policy.spec?.paramKind), age(policy, now)],
};

function checkMutation({ patchType, jsonPatch, applyConfiguration }: Mutation, scope: PolicyScope, path: Path, errors: Errors): void {
  const parts = { jsonPatch, applyConfiguration };
  const pick = (own: keyof typeof parts, other: keyof typeof parts, type: string): void => {
    const part = parts[own];
    if (!part) errors.required(path.child(own), `must be specified when patchType is ${patchType}`);
    const text = part?.expression?.trim() ?? '';
    if (part && text === '') errors.required(path.child(own).child('expression'));
    const problem = text === '' ? undefined : expressionProblem(text, [type], scope);
    if (problem !== undefined) errors.invalid(path.child(own).child('expression'), text, problem);
    if (parts[other]) errors.invalid(path.child(other), `{${other}}`, `must not be specified when patchType is ${patchType}`);
  };
  if ((patchType as string) === '') errors.required(path.child('patchType'));
  else if (patchType === 'JSONPatch') pick('jsonPatch', 'applyConfiguration', 'list(JSONPatch)');
  else if (patchType === 'ApplyConfiguration') pick('applyConfiguration', 'jsonPatch', 'Object');
  else errors.notSupported(path.child('patchType'), patchType, ['ApplyConfiguration', 'JSONPatch']);
}

/** What is deleted is not changed. */
function checkMutatedOperations({ resourceRules = [] }: MatchResources, path: Path, errors: Errors): void {
  const operations = path.child('resourceRules').child('operations');
  for (const rule of resourceRules) for (const operation of rule.operations ?? []) checkOneOf(operation, ['*', 'CONNECT', 'CREATE', 'UPDATE'], operations, errors);
}

function checkMutating({ spec }: MutatingAdmissionPolicy, errors: Errors): void {
  const own = spec ?? {};
  if (own.failurePolicy === undefined) errors.required(specPath.child('failurePolicy'));
  else checkOneOf(own.failurePolicy, ['Fail', 'Ignore'], specPath.child('failurePolicy'), errors);
  checkParamKind(own.paramKind, specPath.child('paramKind'), errors);
  if (!own.matchConstraints) errors.required(specPath.child('matchConstraints'));
  else {
    checkMatch(own.matchConstraints, true, specPath.child('matchConstraints'), errors);
    checkMutatedOperations(own.matchConstraints, specPath.child('matchConstraints'), errors);
  }
  const scope = scopeOf(own, true);
  if (own.matchConditions) checkMatchConditions(own.matchConditions, scope, specPath.child('matchConditions'), errors);
  checkVariables(own.variables ?? [], scope, specPath.child('variables'), errors);
  if ((own.mutations ?? []).length === 0) errors.required(specPath.child('mutations'), 'mutations must contain at least one item');
  for (const [index, mutation] of (own.mutations ?? []).entries()) checkMutation(mutation, { ...scope, variables: own.variables ?? [] }, specPath.child('mutations').index(index), errors);
  if ((own.reinvocationPolicy ?? '') === '') errors.required(specPath.child('reinvocationPolicy'));
  else checkOneOf(own.reinvocationPolicy ?? '', ['IfNeeded', 'Never'], specPath.child('reinvocationPolicy'), errors);
}

/** MutatingAdmissionPolicies: changes in CEL (KEP-3962). */
export const mutatingadmissionpolicies: ResourceDefinition<MutatingAdmissionPolicy> = {
  group,
  resource: 'mutatingadmissionpolicies',
  applyDefaults: defaultPolicy,
  prepareForCreate: (draft) => void (draft.metadata['generation'] = 1),
  validateCreate: (policy) => collect((errors) => checkMutating(policy, errors)),
  prepareForUpdate: (draft, old) => bumpGeneration(draft, old),
  validateUpdate: (policy) => collect((errors) => checkMutating(policy, errors)),
  cells: (policy, now) => [nameOf(policy), (policy.spec?.mutations ?? []).length, paramText(policy.spec?.paramKind), age(policy, now)],
};

interface Param {
  readonly name?: string;
  readonly namespace?: string;
  readonly selector?: object;
  readonly parameterNotFoundAction?: string;
}

function checkParamRef(ref: Param | undefined, errors: Errors): void {
  if (!ref) return;
  const path = specPath.child('paramRef');
  const hasName = (ref.name ?? '') !== '';
  if (!hasName && !ref.selector) errors.required(path, 'one of name or selector must be specified');
  if (hasName && ref.selector) errors.forbidden(path.child('name'), 'name and selector are mutually exclusive');
  if (hasName) errors.invalidEach(path.child('name'), ref.name, pathSegmentReasons(ref.name ?? ''));
  labelSelectorErrors(ref.selector, path.child('selector'), errors);
  if (hasName && ref.selector) errors.forbidden(path.child('selector'), 'name and selector are mutually exclusive');
  if ((ref.parameterNotFoundAction ?? '') === '') errors.required(path.child('parameterNotFoundAction'));
  else checkOneOf(ref.parameterNotFoundAction as string, ['Deny', 'Allow'], path.child('parameterNotFoundAction'), errors);
}

function checkBinding({ spec }: ValidatingAdmissionPolicyBinding, validating: boolean, errors: Errors): void {
  const own = spec ?? {};
  const name = own.policyName ?? '';
  if (name === '') errors.required(specPath.child('policyName'));
  else errors.invalidEach(specPath.child('policyName'), name, isDns1123Subdomain(name));
  checkParamRef(own.paramRef, errors);
  if (own.matchResources) {
    checkMatch(own.matchResources, false, specPath.child('matchResources'), errors);
    if (!validating) checkMutatedOperations(own.matchResources, specPath.child('matchResources'), errors);
  }
  if (!validating) return;
  const actions = own.validationActions ?? [];
  const path = specPath.child('validationActions');
  if (actions.length === 0) errors.required(path, 'at least one validation action is required');
  const seen = new Set<string>();
  for (const [index, action] of actions.entries()) {
    checkOneOf(action, ['Audit', 'Deny', 'Warn'], path.index(index), errors);
    if (seen.has(action)) errors.duplicate(path.index(index), action);
    seen.add(action);
  }
  if (seen.has('Deny') && seen.has('Warn')) errors.invalid(path, actions, 'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)');
}

function refText(ref: Param | undefined): string {
  if (!ref) return '<unset>';
  if (ref.selector) return selectorGoText(ref.selector);
  return (ref.namespace ?? '') !== '' ? `${ref.namespace ?? ''}/${ref.name ?? ''}` : `*/${ref.name ?? ''}`;
}

const bindingDefinition = (resource: string, validating: boolean): ResourceDefinition<ValidatingAdmissionPolicyBinding> => ({
  group,
  resource,
  applyDefaults: (draft) => defaultMatch(specOf(draft)['matchResources'] as Record<string, unknown> | undefined),
  prepareForCreate: (draft) => void (draft.metadata['generation'] = 1),
  validateCreate: (own) => collect((errors) => checkBinding(own, validating, errors)),
  prepareForUpdate: (draft, old: KubeObject) => bumpGeneration(draft, old),
  validateUpdate: (own) => collect((errors) => checkBinding(own, validating, errors)),
  cells: (own, now) => [nameOf(own), own.spec?.policyName ?? '', refText(own.spec?.paramRef), age(own, now)],
});

/** ValidatingAdmissionPolicyBindings: where such rules hold. */
export const validatingadmissionpolicybindings = bindingDefinition('validatingadmissionpolicybindings', true);
/** MutatingAdmissionPolicyBindings: where such changes are made. */
export const mutatingadmissionpolicybindings = bindingDefinition('mutatingadmissionpolicybindings', false);
