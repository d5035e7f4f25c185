import type { GroupVersionKind } from '../../api';
import type { Content, Operation, Parameter } from './operations';
import type { Json } from './schemas';

/** A reference to the schema of what a body holds. */
export type Refer = (content: GroupVersionKind | 'patch') => Json;

/** Parameters stand in the order of their names, in both versions of OpenAPI. */
const inOrder = <T extends { readonly name: string; readonly in: string }>(parameters: readonly T[]): T[] =>
  [...parameters].sort((one, other) => (one.name === other.name ? (one.in < other.in ? -1 : 1) : one.name < other.name ? -1 : 1));

const has = (parameters: readonly Parameter[], { name, in: place }: Parameter): boolean => parameters.some((one) => one.name === name && one.in === place);

/** The parameters that all operations of a path share are said once, beside them. */
function shared(operations: readonly Operation[]): Parameter[] {
  const [first, ...others] = operations;
  return (first?.parameters ?? []).filter((parameter) => others.every((other) => has(other.parameters, parameter)));
}

/** Writes what can be asked at a path, as one version of OpenAPI says it. */
export class PathWriter {
  constructor(private readonly refer: Refer, private readonly old: boolean) {}

  item(operations: readonly Operation[]): Json {
    const common = shared(operations);
    const item: Record<string, unknown> = {};
    for (const operation of operations) item[operation.method] = this.operation(operation, operation.parameters.filter((parameter) => !has(common, parameter)));
    return { ...item, ...(common.length > 0 && { parameters: inOrder(common).map(this.parameter) }) };
  }

  private operation(operation: Operation, own: readonly Parameter[]): Json {
    const { tag, id, action, kind, consumes, produces, body, codes } = operation;
    const content = body && (body.content === 'string' ? { type: 'string' } : this.refer(body.content));
    const parameters = inOrder(own).map(this.parameter);
    const bodyParameter = this.old && body ? [{ name: 'body', in: 'body', ...(body.required && { required: true }), schema: content }] : [];
    return {
      ...(this.old && { ...(consumes.length > 0 && { consumes }), produces, schemes: ['https'] }),
      tags: [tag],
      operationId: id,
      ...(parameters.length + bodyParameter.length > 0 && { parameters: [...bodyParameter, ...parameters] }),
      ...(!this.old && body && { requestBody: { content: byMediaType(consumes, content), ...(body.required && { required: true }) } }),
      responses: { ...Object.fromEntries(codes.map((code) => [code, this.response(code, produces, operation.answer)])), 401: { description: 'Unauthorized' } },
      ...(action !== undefined && { 'x-kubernetes-action': action }),
      ...(kind && { 'x-kubernetes-group-version-kind': kind }),
    };
  }

  private response(code: number, produces: readonly string[], answer: Content): Json {
    const schema = answer === 'string' ? { type: 'string' } : this.refer(answer);
    return { description: descriptions[code], ...(this.old ? { schema } : { content: byMediaType(produces, schema) }) };
  }

  private readonly parameter = ({ name, in: place, type }: Parameter): Json => {
    const required = place === 'path' && { required: true };
    return this.old ? { uniqueItems: true, type, name, in: place, ...required } : { name, in: place, ...required, schema: { type, uniqueItems: true } };
  };
}

const descriptions: Readonly<Record<number, string>> = { 200: 'OK', 201: 'Created', 202: 'Accepted' };

const byMediaType = (types: readonly string[], schema: unknown): Json => Object.fromEntries([...types].sort().map((type) => [type, { schema }]));
