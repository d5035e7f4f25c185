import { failure, type StatusError } from '../../api';
import { forbidden } from '../errors';
import type { AccessRequest, Authorizer, Decision } from './authorizer';
import type { NodeAuthorizer } from './node';

const allowed: Decision = Object.freeze({ allowed: true, reason: '' });

/** --authorization-mode Node,RBAC, after the group that may do everything: the first who allows decides. */
export function authorizerChain(node: NodeAuthorizer, rbac: Authorizer): { authorize(request: AccessRequest, selectedNode?: string): Decision } {
  return {
    authorize(request, selectedNode) {
      if (request.user.groups.includes('system:masters')) return allowed;
      const byNode = node.authorize(request, selectedNode);
      if (byNode.allowed) return byNode;
      const byRole = rbac.authorize(request);
      if (byRole.allowed || byNode.reason === '') return byRole;
      return { ...byRole, reason: byRole.reason === '' ? byNode.reason : `${byNode.reason}, ${byRole.reason}` };
    },
  };
}

/** The 403 of a refused request, with the authoriser's reason. */
export function refusal(request: AccessRequest, reason: string): StatusError {
  const because = reason === '' ? '' : `: ${reason}`;
  const user = JSON.stringify(request.user.name);
  if (!request.isResource) return failure(403, 'Forbidden', `forbidden: User ${user} cannot ${request.verb} path ${JSON.stringify(request.path)}${because}`, {});
  const resource = request.subresource === '' ? request.resource : `${request.resource}/${request.subresource}`;
  const where = request.namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(request.namespace)}`;
  return forbidden({ group: request.group, resource: request.resource }, request.name, `User ${user} cannot ${request.verb} resource ${JSON.stringify(resource)} in API group ${JSON.stringify(request.group)} ${where}${because}`);
}
