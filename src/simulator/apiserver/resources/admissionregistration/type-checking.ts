import { allResources, CelCompileError, type ExpressionWarning, parseApiVersion, type ResourceInfo, typeForKind, type TypeSchema, type ValidatingAdmissionPolicy } from '../../../api';
import { compileTyped, type PolicyScope, type PolicyTypes } from './expressions';
import { celTypeOfObject } from './object-types';

/** Kinds that a policy's expressions are checked against, at most. */
const mostKinds = 10;

/** One rule's kinds; what it says with wildcards or of subresources is passed over. The core group's name is that of none in particular. */
function* kindsOf({ spec }: ValidatingAdmissionPolicy): IterableIterator<ResourceInfo> {
  for (const { apiGroups = [], apiVersions = [], resources = [] } of spec?.matchConstraints?.resourceRules ?? []) {
    if (apiGroups.includes('*') || apiVersions.includes('*')) continue;
    const names = resources.filter((name) => !/[*/]/.test(name));
    for (const info of allResources()) {
      if ((apiGroups.includes(info.group) || apiGroups.includes('')) && apiVersions.includes(info.version) && names.includes(info.resource)) yield info;
    }
  }
}

const nameOf = ({ group, version, kind }: ResourceInfo): string => `${group}/${version}, Kind=${kind}`;
const alphabetically = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** The kinds that are matched: the first by name, sorted by group and version. */
function matchedKinds(policy: ValidatingAdmissionPolicy): ResourceInfo[] {
  const kinds = [...new Map([...kindsOf(policy)].map((info) => [nameOf(info), info])).values()];
  return kinds.sort((one, other) => alphabetically(one.kind, other.kind)).slice(0, mostKinds).sort((one, other) => alphabetically(nameOf(one), nameOf(other)));
}

function paramType({ spec }: ValidatingAdmissionPolicy): TypeSchema | undefined {
  const { apiVersion = '', kind = '' } = spec?.paramKind ?? {};
  const { group, version } = parseApiVersion(apiVersion);
  return kind === '' ? undefined : typeForKind({ group, version, kind });
}

/** What of a policy's expressions does not fit the kinds that it matches (KEP-3488, type checking). */
export function policyWarnings(policy: ValidatingAdmissionPolicy): ExpressionWarning[] {
  const kinds = matchedKinds(policy);
  const params = paramType(policy);
  const scope: PolicyScope = { hasParams: policy.spec?.paramKind !== undefined, variables: policy.spec?.variables ?? [], hasAuthorizer: true, mutates: false };
  const problems = (expression: string): string => kinds.map((info) => {
    const types: PolicyTypes = { object: celTypeOfObject(info.type, info.kind), ...(params && { params: celTypeOfObject(params, policy.spec?.paramKind?.kind ?? '') }) };
    const problem = problemOf(expression, scope, types);
    return problem === undefined ? '' : `${nameOf(info)}: ${problem}\n`;
  }).filter((text) => text !== '').join('\n');
  return (policy.spec?.validations ?? []).flatMap(({ expression, messageExpression = '' }, index): ExpressionWarning[] =>
    [['expression', expression] as const, ['messageExpression', messageExpression] as const].flatMap(([field, text]) => {
      const warning = text.trim() === '' ? '' : problems(text);
      return warning === '' ? [] : [{ fieldRef: `spec.validations[${index}].${field}`, warning }];
    }));
}

function problemOf(expression: string, scope: PolicyScope, types: PolicyTypes): string | undefined {
  try {
    compileTyped(expression, scope, types);
    return undefined;
  } catch (error) {
    if (error instanceof CelCompileError) return error.message.replace(/^compilation failed: /, '');
    throw error;
  }
}
