import type { ApiRequest, GroupVersionResource, KubeObject, PolicyRule, UserInfo } from '../api';
import { Authenticator } from './authentication/authenticator';
import { Impersonation } from './authentication/impersonation';
import { TokenSigner } from './authentication/jwt';
import type { CoreLookup } from './authentication/accounts';
import { ServiceAccountTokens } from './authentication/service-accounts';
import type { AccessRequest, Authorizer } from './authorization/authorizer';
import { authorizerChain, refusal } from './authorization/chain';
import { NodeAuthorizer } from './authorization/node';
import { RbacAuthorizer } from './authorization/rbac';
import { ruleAllows } from './authorization/rules';
import type { RequestInfo } from './request/info';
import type { Query } from './request/url';
import type { ServedResources } from './served';
import type { ApiServerOptions } from './server';

type Get = <T extends KubeObject>(resource: GroupVersionResource, namespace: string | undefined, name: string) => T | undefined;

/** Who clients are and what they may do. */
export interface Access {
  readonly authorizer: Authorizer;
  readonly rbac: RbacAuthorizer;
  readonly authenticator: Authenticator;
  readonly tokens: ServiceAccountTokens;
  readonly signer: TokenSigner;
  identify(request: ApiRequest, info: RequestInfo): UserInfo;
  authorize(user: UserInfo, info: RequestInfo, query: Query): void;
}

/** The node that a field selector pins: spec.nodeName of pods and resource slices. */
const selectedNode = (query: Query): string | undefined => /(?:^|,)spec\.nodeName==?([^,]+)/.exec(query.get('fieldSelector') ?? '')?.[1];

const noRules: readonly PolicyRule[] = [];
const rememberLimit = 1_000;

/** Whether a role's rules allow a request; what was asked about resources is remembered until the rules are others. */
function allowedBy(find: () => readonly PolicyRule[] | undefined): (request: AccessRequest) => boolean {
  let rules = noRules;
  let byName = false;
  const known = new Map<string, boolean>();
  return (request) => {
    const now = find() ?? noRules;
    if (now !== rules || known.size >= rememberLimit) {
      rules = now;
      byName = now.some(({ resourceNames }) => resourceNames?.length);
      known.clear();
    }
    if (byName || !request.isResource) return rules.some((rule) => ruleAllows(rule, request));
    const key = `${request.verb} ${request.group}/${request.resource}/${request.subresource}`;
    let allowed = known.get(key);
    if (allowed === undefined) known.set(key, (allowed = rules.some((rule) => ruleAllows(rule, request))));
    return allowed;
  };
}

/** Puts authentication and authorisation together. */
export function createAccess(options: ApiServerOptions, served: ServedResources, get: Get): Access {
  const { kernel, etcd } = options;
  const lookup: CoreLookup = (resource, namespace, name) => get({ group: '', version: 'v1', resource }, namespace, name);
  const signer = new TokenSigner(options.signingKey);
  const tokens = new ServiceAccountTokens(signer, lookup);
  const authenticator = new Authenticator(options.tokens ?? {}, tokens, lookup);
  const rbac = new RbacAuthorizer(etcd);
  const node = new NodeAuthorizer({
    podsOf: (name) => served.find('', 'v1', 'pods')?.storage?.ofNode(name) ?? [],
    get: (group, resource, namespace, name) => get({ group, version: 'v1', resource }, namespace, name),
    list: (group, resource, namespace) => served.find(group, 'v1', resource)?.storage?.list(namespace) ?? [],
    staticRules: allowedBy(() => rbac.rulesOfRole({ kind: 'ClusterRole', name: 'system:node' }, '')),
  });
  const chain = authorizerChain(node, rbac);
  const always = options.authorization === 'AlwaysAllow';
  const decide = (request: AccessRequest, selected?: string) => (always ? { allowed: true, reason: '' } : chain.authorize(request, selected));
  const impersonation = new Impersonation(decide);
  return {
    authorizer: { authorize: (request) => decide(request) },
    rbac,
    authenticator,
    tokens,
    signer,
    identify: (request, info) => impersonation.apply(request, info, authenticator.authenticate(request, kernel.now)),
    authorize(user, info, query) {
      if (always || user.groups.includes('system:masters')) return;
      const request: AccessRequest = {
        user, verb: info.verb, isResource: info.isResource, group: info.group, version: info.version, resource: info.resource,
        subresource: info.subresource, namespace: info.namespace, name: info.name, path: info.path,
      };
      const { allowed, reason } = decide(request, selectedNode(query));
      if (!allowed) throw refusal(request, reason);
    },
  };
}
