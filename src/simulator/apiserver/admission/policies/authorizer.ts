import type { CelObject, UserInfo } from '../../../api';
import type { AdmissionContext } from '../plugin';

interface Question {
  readonly path?: string;
  readonly group?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

type Kind = 'Authorizer' | 'PathCheck' | 'GroupCheck' | 'ResourceCheck' | 'Decision';

const answers: Readonly<Record<string, (allowed: boolean) => unknown>> = { allowed: (allowed) => allowed, errored: () => false, reason: () => '', error: () => '' };
const decision = (allowed: boolean): CelObject => ({ celType: 'kubernetes.authorization.Decision', call: (method) => answers[method]?.(allowed) });

/** What each step narrows, and to what kind of question. */
const steps: Readonly<Record<string, Kind>> = { path: 'PathCheck', group: 'GroupCheck', resource: 'ResourceCheck', subresource: 'ResourceCheck', namespace: 'ResourceCheck', name: 'ResourceCheck' };

function check(user: UserInfo, context: AdmissionContext, verb: string, asked: Question): CelObject {
  const { group = '', resource = '', subresource = '', namespace = '', name = '' } = asked;
  return decision(context.authorize(user, verb, group, resource, subresource, namespace, name));
}

function ask(user: UserInfo, context: AdmissionContext, kind: Kind, question: Question): CelObject {
  return {
    celType: `kubernetes.authorization.${kind}`,
    call: (method, args) => {
      const next = steps[method];
      if (next !== undefined) return ask(user, context, next, { ...question, [method]: String(args[0]) });
      if (method === 'check') return check(user, context, String(args[0]), question);
      if (method === 'fieldSelector' || method === 'labelSelector') return ask(user, context, kind, question);
      if (method === 'serviceAccount') return ask({ name: `system:serviceaccount:${String(args[0])}:${String(args[1])}`, groups: ['system:serviceaccounts', `system:serviceaccounts:${String(args[0])}`, 'system:authenticated'] }, context, kind, question);
      return undefined;
    },
  };
}

/** What expressions know as `authorizer`: may this user do something? */
export const authorizerOf = (user: UserInfo, context: AdmissionContext): CelObject => ask(user, context, 'Authorizer', {});

/** `authorizer.requestResource`: the same about what the request is for. */
export const requestResourceOf = (user: UserInfo, context: AdmissionContext, question: Question): CelObject => ask(user, context, 'ResourceCheck', question);
