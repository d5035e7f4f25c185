import { CelCompileError, type CelProgram, type CelType, celListOf, celMapOf, celObjectOf, celTypes, celTypeText, compileCel, type Variable } from '../../../api';

const { dyn, string, bool, int, timestamp } = celTypes;
const object = (name: string, fields: Readonly<Record<string, CelType>>): CelType => celObjectOf(name, new Map(Object.entries(fields)));

const kind = object('kubernetes.GroupVersionKind', { group: string, version: string, kind: string });
const resource = object('kubernetes.GroupVersionResource', { group: string, version: string, resource: string });
const userInfo = object('kubernetes.UserInfo', { username: string, uid: string, groups: celListOf(string), extra: celMapOf(celListOf(string)) });
const request = object('kubernetes.AdmissionRequest', {
  kind, resource, subResource: string, requestKind: kind, requestResource: resource, requestSubResource: string, name: string, namespace: string, operation: string, userInfo, dryRun: bool, options: dyn,
});
const metadata = object('kubernetes.NamespaceMetadata', {
  name: string, generateName: string, namespace: string, labels: celMapOf(string), annotations: celMapOf(string), UID: string, creationTimestamp: timestamp, deletionGracePeriodSeconds: int, deletionTimestamp: timestamp, generation: int,
  resourceVersion: string, finalizers: celListOf(string),
});
const namespaceObject = object('kubernetes.Namespace', { metadata, spec: object('kubernetes.NamespaceSpec', { finalizers: celListOf(string) }), status: object('kubernetes.NamespaceStatus', { phase: string }) });
const base = { object: dyn, oldObject: dyn, request, namespaceObject };
const authorizer = { authorizer: { name: 'kubernetes.authorization.Authorizer' }, 'authorizer.requestResource': { name: 'kubernetes.authorization.ResourceCheck' } };

const jsonPatch: CelType = object('JSONPatch', { op: string, path: string, from: string, value: dyn });

/** Messages of which only the name is known have every field. */
class AnyField extends Map<string, CelType> {
  override get(): CelType {
    return dyn;
  }
}

const made = new Map<string, CelType>([['JSONPatch', jsonPatch]]);

/** JSONPatch, Object and the objects inside it: Object.spec.containers. */
function messageOf(name: string): CelType | undefined {
  if (name !== 'JSONPatch' && name !== 'Object' && !name.startsWith('Object.')) return undefined;
  let type = made.get(name);
  if (!type) made.set(name, (type = celObjectOf(name, new AnyField())));
  return type;
}

/** What a policy's expressions may refer to. */
export interface PolicyScope {
  readonly hasParams: boolean;
  /** Those before the expression; undefined where there is no `variables`. */
  readonly variables?: readonly Variable[];
  readonly hasAuthorizer: boolean;
  /** Whether it may make patches. */
  readonly mutates: boolean;
}

const programs = new Map<string, CelProgram>();
const remembered = 1024;

/** Of which kinds objects and parameters are, where that is known. */
export interface PolicyTypes {
  readonly object: CelType;
  readonly params?: CelType;
}

/** The types of variables, each of which may use those before it. */
function variableTypes(variables: readonly Variable[], compile: (expression: string, before: readonly Variable[]) => CelProgram): CelType {
  const fields = new Map<string, CelType>();
  for (const [index, { name, expression }] of variables.entries()) {
    let type: CelType = dyn;
    try {
      type = compile(expression, variables.slice(0, index)).type;
    } catch (error) {
      if (!(error instanceof CelCompileError)) throw error;
    }
    fields.set(name, type);
  }
  return celObjectOf('kubernetes.variables', fields);
}

/** Compiles an expression of a policy; each text once. Throws CelCompileError. */
export function compilePolicyExpression(text: string, scope: PolicyScope): CelProgram {
  const { hasParams, variables, hasAuthorizer, mutates } = scope;
  const key = JSON.stringify([text, hasParams, hasAuthorizer, mutates, variables?.map(({ name, expression }) => [name, expression])]);
  const known = programs.get(key);
  if (known) return known;
  const program = compileCel(text, {
    variables: { ...base, ...(hasAuthorizer && authorizer), ...(hasParams && { params: dyn }), ...(variables && { variables: variableTypes(variables, (expression, before) => compilePolicyExpression(expression.trim(), { ...scope, variables: before })) }) },
    ...(mutates && { messages: messageOf }),
  });
  if (programs.size >= remembered) programs.clear();
  programs.set(key, program);
  return program;
}

/** Compiles an expression for objects of one kind. Throws CelCompileError. */
export function compileTyped(text: string, scope: PolicyScope, types: PolicyTypes): CelProgram {
  const { variables = [] } = scope;
  const inner = (expression: string, before: readonly Variable[]): CelProgram => compileTyped(expression, { ...scope, variables: before }, types);
  return compileCel(text, {
    variables: { ...base, ...authorizer, object: types.object, oldObject: types.object, ...(scope.hasParams && { params: types.params ?? dyn }), variables: variableTypes(variables, inner) },
  });
}

const shown = (type: CelType): string => (type.name === 'null_type' ? 'null_type' : celTypeText(type));

/** What is wrong with an expression that must give one of these types; any will do when there are none. */
export function expressionProblem(text: string, types: readonly string[], scope: PolicyScope): string | undefined {
  try {
    const type = shown(compilePolicyExpression(text, scope).type);
    if (types.length === 0 || types.includes(type)) return undefined;
    return `must evaluate to ${types.length === 1 ? types[0] : `one of [${types.join(' ')}]`} but got ${type}`;
  } catch (error) {
    if (error instanceof CelCompileError) return error.message;
    throw error;
  }
}
