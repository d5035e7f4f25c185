import { CelCompileError, type CelEnvironment, type CelProgram, celTypes, compileCel } from '../../../api';

const { dyn } = celTypes;
const base = { object: dyn, oldObject: dyn, request: dyn, namespaceObject: dyn, authorizer: dyn };
const authorizerMethods = ['path', 'group', 'resource', 'subresource', 'namespace', 'name', 'check', 'allowed', 'reason', 'errored', 'error', 'serviceAccount', 'fieldSelector', 'labelSelector', 'requestResource'];

/** What a policy's expressions may refer to. */
export interface PolicyScope {
  readonly hasParams: boolean;
  readonly hasVariables: boolean;
}

const environmentOf = ({ hasParams, hasVariables }: PolicyScope): CelEnvironment => ({
  variables: { ...base, ...(hasParams && { params: dyn }), ...(hasVariables && { variables: dyn }) },
  hostMethods: authorizerMethods,
});

const programs = new Map<string, CelProgram>();
const remembered = 1024;

/** Compiles an expression of a policy; each text once. Throws CelCompileError. */
export function compilePolicyExpression(text: string, scope: PolicyScope): CelProgram {
  const key = `${scope.hasParams ? 'p' : ''}${scope.hasVariables ? 'v' : ''}:${text}`;
  const known = programs.get(key);
  if (known) return known;
  const program = compileCel(text, environmentOf(scope));
  if (programs.size >= remembered) programs.clear();
  programs.set(key, program);
  return program;
}

/** What is wrong with an expression that must give one of these types. */
export function expressionProblem(text: string, types: readonly string[], scope: PolicyScope): string | undefined {
  try {
    const { type } = compilePolicyExpression(text, scope);
    if (type.name === 'dyn' || types.length === 0 || types.includes(type.name)) return undefined;
    return `must evaluate to ${types.join(' or ')}${types.length === 1 ? ` but got ${type.name}` : ''}`;
  } catch (error) {
    if (error instanceof CelCompileError) return error.message;
    throw error;
  }
}
