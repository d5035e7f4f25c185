import { celCostLimit, CelError, celFromJson, CelCompileError, type GroupVersionKind, type KubeObject, type Namespace, type Variable } from '../../../api';
import { compilePolicyExpression, type PolicyScope } from '../../resources/admissionregistration/expressions';
import type { AdmissionAttributes, AdmissionContext } from '../plugin';
import { resources } from '../request';
import { authorizerOf, requestResourceOf } from './authorizer';

/** What went wrong while an expression ran; says which. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
}

/** Runs expressions of one policy against one request; values are made when they are first asked for. */
export class Evaluation {
  private readonly scope: PolicyScope;
  private readonly values = new Map<string, unknown>();
  /** What all expressions of the policy may cost together for one request. */
  private budget = 10_000_000;

  constructor(
    private readonly attributes: AdmissionAttributes,
    private readonly context: AdmissionContext,
    scope: PolicyScope,
    private readonly variables: readonly Variable[],
    private readonly params: KubeObject | undefined,
  ) {
    this.scope = { ...scope, variables };
  }

  /** The expression's value. Throws ExpressionError. */
  run(expression: string): unknown {
    try {
      const call = { left: celCostLimit };
      const program = compilePolicyExpression(expression.trim(), this.scope);
      try {
        return program.evaluate((name) => this.value(name), call);
      } finally {
        this.budget -= celCostLimit - call.left;
      }
    } catch (error) {
      if (error instanceof CelError || error instanceof CelCompileError || error instanceof ExpressionError) throw new ExpressionError(error.message);
      throw error;
    }
  }

  /** Whether the expressions that ran have cost too much together. */
  get isSpent(): boolean {
    return this.budget < 0;
  }

  private value(name: string): unknown {
    if (!this.values.has(name)) this.values.set(name, this.make(name));
    return this.values.get(name);
  }

  private make(name: string): unknown {
    const { object, oldObject, namespace } = this.attributes;
    switch (name) {
      case 'object':
        return object === undefined ? null : celFromJson(object);
      case 'oldObject':
        return oldObject === undefined ? null : celFromJson(oldObject);
      case 'request':
        return celFromJson(this.request());
      case 'params':
        return this.params === undefined ? null : celFromJson(this.params);
      case 'namespaceObject':
        return namespace === undefined || namespace === '' ? null : celFromJson(this.context.get<Namespace>(resources.namespaces, undefined, namespace) ?? null);
      case 'authorizer':
        return authorizerOf(this.attributes.user, this.context);
      case 'authorizer.requestResource': {
        const { resource, subresource, name } = this.attributes;
        return requestResourceOf(this.attributes.user, this.context, { group: resource.group, resource: resource.resource, subresource, namespace: namespace ?? '', name });
      }
      case 'variables':
        return this.lazyVariables();
      default:
        return undefined;
    }
  }

  /** Each variable is worked out when it is first read; later ones may use earlier ones. */
  private lazyVariables(): unknown {
    const out: Record<string, unknown> = {};
    const known = new Map<string, unknown>();
    for (const { name, expression } of this.variables) {
      Object.defineProperty(out, name, {
        enumerable: true,
        get: () => {
          if (!known.has(name)) known.set(name, this.variable(name, expression));
          return known.get(name);
        },
      });
    }
    return out;
  }

  private variable(name: string, expression: string): unknown {
    try {
      return this.run(expression);
    } catch (error) {
      if (error instanceof ExpressionError) throw new ExpressionError(`composited variable ${JSON.stringify(name)} fails to evaluate: ${error.message}`);
      throw error;
    }
  }

  private request(): object {
    const { operation, resource, kind, subresource, namespace, name, user, dryRun, options } = this.attributes;
    const asKind = ({ group, version, kind: own }: GroupVersionKind) => ({ group, version, kind: own });
    return {
      kind: asKind(kind), resource: { ...resource }, subResource: subresource, requestKind: asKind(kind), requestResource: { ...resource }, requestSubResource: subresource, name, namespace: namespace ?? '', operation, dryRun, options,
      userInfo: { username: user.name, uid: user.uid ?? '', groups: [...user.groups], extra: user.extra ?? {} },
    };
  }
}
