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

const decision = (allowed: boolean): CelObject => ({
  celType: 'kubernetes.authorization.Decision',
  call: (method) => {
    switch (method) {
      case 'allowed':
        return allowed;
      case 'errored':
        return false;
      case 'reason':
      case 'error':
        return '';
      default:
        return undefined;
    }
  },
});

const setters = ['path', 'group', 'resource', 'subresource', 'namespace', 'name'] as const;

function check(user: UserInfo, context: AdmissionContext, verb: string, asked: Question): CelObject {
  const { group = '', resource = '', subresource = '', namespace = '', name = '' } = asked;
  return decision(context.authorize(user, verb, group, resource, subresource, namespace, name));
}

function ask(user: UserInfo, context: AdmissionContext, question: Question): CelObject {
  return {
    celType: question.resource === undefined ? 'kubernetes.authorization.Authorizer' : 'kubernetes.authorization.ResourceCheck',
    call: (method, args) => {
      const setter = setters.find((one) => one === method);
      if (setter !== undefined) return ask(user, context, { ...question, [setter]: String(args[0]) });
      if (method === 'check') return check(user, context, String(args[0]), question);
      if (method === 'serviceAccount') return ask({ name: `system:serviceaccount:${String(args[0])}:${String(args[1])}`, groups: ['system:serviceaccounts', `system:serviceaccounts:${String(args[0])}`, 'system:authenticated'] }, context, question);
      return undefined;
    },
  };
}

/** What expressions know as `authorizer`: may this user do something? */
export const authorizerOf = (user: UserInfo, context: AdmissionContext): CelObject => ask(user, context, {});
