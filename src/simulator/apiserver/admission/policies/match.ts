import { matcherForSelector, type MatchResources, type Namespace, type NamedRuleWithOperations, type RuleWithOperations } from '../../../api';
import type { AdmissionAttributes, AdmissionContext } from '../plugin';
import type { Draft } from '../../resources/definition';
import { resources } from '../request';

type Labels = Readonly<Record<string, string>>;

const has = (list: readonly string[] | undefined, value: string): boolean => (list ?? []).some((one) => one === '*' || one === value);

function resourceMatches(list: readonly string[] | undefined, resource: string, subresource: string): boolean {
  return (list ?? []).some((pattern) => {
    const [own = '', sub] = pattern.split('/');
    if (own !== '*' && own !== resource) return false;
    return sub === undefined ? subresource === '' : sub === '*' || sub === subresource;
  });
}

/** Whether a rule means a request. */
export function ruleMatches(rule: RuleWithOperations & Pick<NamedRuleWithOperations, 'resourceNames'>, attributes: AdmissionAttributes): boolean {
  const { operation, resource, subresource, namespace, name } = attributes;
  if (!has(rule.operations, operation) || !has(rule.apiGroups, resource.group) || !has(rule.apiVersions, resource.version)) return false;
  if (!resourceMatches(rule.resources, resource.resource, subresource)) return false;
  const namespaced = namespace !== undefined && namespace !== '' && !(resource.group === '' && resource.resource === 'namespaces');
  if (rule.scope === 'Namespaced' && !namespaced) return false;
  if (rule.scope === 'Cluster' && namespaced) return false;
  return (rule.resourceNames ?? []).length === 0 || (rule.resourceNames ?? []).includes(name);
}

type Selectors = Pick<MatchResources, 'namespaceSelector' | 'objectSelector'>;

/** Whether a request's namespace and object are meant. */
export function selectorsMatch({ namespaceSelector, objectSelector }: Selectors, attributes: AdmissionAttributes, context: AdmissionContext): boolean {
  const { object, oldObject, resource, namespace } = attributes;
  const own = ((object?.metadata as Draft['metadata'] | undefined)?.['labels'] ?? {}) as Labels;
  const before = oldObject?.metadata?.labels ?? {};
  if (namespaceSelector) {
    const isNamespace = resource.group === '' && resource.resource === 'namespaces';
    const labels = isNamespace ? (object ? own : before) : namespace === undefined || namespace === '' ? undefined : (context.get<Namespace>(resources.namespaces, undefined, namespace)?.metadata?.labels ?? {});
    if (labels !== undefined && !matcherForSelector(namespaceSelector).matches(labels)) return false;
  }
  if (!objectSelector) return true;
  const matcher = matcherForSelector(objectSelector);
  return (object !== undefined && matcher.matches(own)) || (oldObject !== undefined && matcher.matches(before));
}

/** Whether a policy's or binding's match means a request; one without rules means all. */
export function resourcesMatch(match: MatchResources | undefined, attributes: AdmissionAttributes, context: AdmissionContext): boolean {
  if (!match) return true;
  if (!selectorsMatch(match, attributes, context)) return false;
  if ((match.excludeResourceRules ?? []).some((rule) => ruleMatches(rule, attributes))) return false;
  const rules = match.resourceRules ?? [];
  return rules.length === 0 || rules.some((rule) => ruleMatches(rule, attributes));
}
