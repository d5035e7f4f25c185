import { type LabelSelector, isDns1123Subdomain, isQualifiedName, type MatchCondition, type RuleWithOperations, type WebhookClientConfig } from '../../../api';
import { type Errors, labelSelectorErrors, type Path, portNumberReasons } from '../../field';
import { checkOneOf } from '../pod-spec';
import { expressionProblem, type PolicyScope } from './expressions';

const operations = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
const scopes = ['*', 'Cluster', 'Namespaced'];

function checkList(values: readonly string[] | undefined, path: Path, errors: Errors): void {
  const list = values ?? [];
  if (list.length === 0) errors.required(path);
  if (list.length > 1 && list.includes('*')) errors.invalid(path, list, `if '*' is present, must not specify other ${path.toString().endsWith('operations') ? 'operations' : path.toString().replace(/^.*\./, '').replace('apiGroups', 'API groups').replace('apiVersions', 'API versions')}`);
}

/** Checks which requests are meant. */
export function checkRule({ operations: own, apiGroups, apiVersions, resources, scope }: RuleWithOperations, path: Path, errors: Errors): void {
  checkList(own, path.child('operations'), errors);
  for (const [index, operation] of (own ?? []).entries()) checkOneOf(operation, operations, path.child('operations').index(index), errors);
  checkList(apiGroups, path.child('apiGroups'), errors);
  checkList(apiVersions, path.child('apiVersions'), errors);
  for (const [index, version] of (apiVersions ?? []).entries()) if (version === '') errors.required(path.child('apiVersions').index(index));
  checkResources(resources ?? [], path.child('resources'), errors);
  if (scope !== undefined) checkOneOf(scope, scopes, path.child('scope'), errors);
}

function checkResources(resources: readonly string[], path: Path, errors: Errors): void {
  if (resources.length === 0) errors.required(path);
  const everySubresourceOf = new Set<string>();
  const onEveryResource = new Set<string>();
  for (const [index, text] of resources.entries()) {
    const at = path.index(index);
    if (text === '') {
      errors.required(at);
      continue;
    }
    const [resource = '', sub] = text.split('/');
    if (sub === undefined) continue;
    if (everySubresourceOf.has(resource)) errors.invalid(at, text, `if '${resource}/*' is present, must not specify ${text}`);
    const all = text !== '*/*' && sub === '*' && resources.includes('*/*');
    if (all || onEveryResource.has(sub)) errors.invalid(at, text, `if '*/${sub}' is present, must not specify ${text}`);
    if (sub === '*') everySubresourceOf.add(resource);
    if (resource === '*') onEveryResource.add(sub);
  }
  if (resources.length > 1 && resources.includes('*/*')) errors.invalid(path, resources, "if '*/*' is present, must not specify other resources");
  else if (resources.includes('*') && resources.slice(resources.indexOf('*')).some((text) => text !== '*' && !text.includes('/'))) errors.invalid(path, resources, "if '*' is present, must not specify other resources without subresources");
}

/** Checks how a webhook is reached. */
export function checkClientConfig({ url, service }: WebhookClientConfig, path: Path, errors: Errors): void {
  if ((url === undefined) === (service === undefined)) return errors.required(path, 'exactly one of url or service is required');
  if (url !== undefined) checkUrl(url, path.child('url'), errors);
  if (!service) return;
  const at = path.child('service');
  // The real one takes one for the other.
  if (service.namespace === '') errors.required(at.child('name'));
  if (service.name === '') errors.required(at.child('namespace'));
  if (service.port !== undefined && portNumberReasons(service.port).length > 0) errors.invalid(at.child('port'), service.port, 'port is not valid: must be between 1 and 65535, inclusive');
  if (service.path !== undefined && service.path !== '') {
    checkServicePath(service.path, at.child('path'), errors);
  }
}

function checkServicePath(text: string, path: Path, errors: Errors): void {
  if (!text.startsWith('/')) errors.invalid(path, text, "must start with a '/'");
  if (text === '/') return;
  const steps = text.replace(/\/$/, '').slice(1).split('/');
  for (const [index, step] of steps.entries()) {
    if (step === '') errors.invalid(path, text, `segment[${index}] may not be empty`);
    else errors.invalidEach(path, text, isDns1123Subdomain(step).map((reason) => `segment[${index}]: ${reason}`));
  }
}

const urlForm = '; desired format: https://host[/path]';

/** Why Go's URL parser refuses a text. */
function urlFault(url: string): string | undefined {
  if (url.startsWith(':')) return 'missing protocol scheme';
  const host = /^[a-zA-Z][-+.a-zA-Z0-9]*:\/\/(?:[^/?#]*@)?([^/?#]*)/.exec(url)?.[1] ?? '';
  const odd = /[ <>"\\^`{|}]/.exec(host.replace(/^\[|\]/g, ''))?.[0];
  if (odd !== undefined) return `invalid character ${JSON.stringify(odd)} in host name`;
  const port = /:([^\]]*)$/.exec(host)?.[1];
  return port === undefined || /^\d*$/.test(port) ? undefined : `invalid port ${JSON.stringify(`:${port}`)} after host`;
}

function checkUrl(url: string, path: Path, errors: Errors): void {
  const fault = urlFault(url);
  if (fault !== undefined) return errors.required(path, `url must be a valid URL: parse ${JSON.stringify(url)}: ${fault}${urlForm}`);
  const [, scheme = '', rest = ''] = /^([a-zA-Z][-+.a-zA-Z0-9]*):(.*)$/s.exec(url) ?? [];
  const host = rest.startsWith('//') ? (rest.slice(2).split(/[/?#]/)[0] ?? '') : '';
  if (scheme !== 'https') errors.invalid(path, scheme, `'https' is the only allowed URL scheme${urlForm}`);
  if (host === '') errors.invalid(path, host, `host must be specified${urlForm}`);
  if (host.includes('@')) errors.invalid(path, host.split('@')[0], 'user information is not permitted in the URL');
  if (url.includes('#')) errors.invalid(path, url.split('#')[1], 'fragments are not permitted in the URL');
  if (url.includes('?')) errors.invalid(path, url.split('?')[1]?.split('#')[0], 'query parameters are not permitted in the URL');
}

/** Checks the namespaces and objects that are meant. */
export function checkSelectors({ namespaceSelector, objectSelector }: { readonly namespaceSelector?: LabelSelector; readonly objectSelector?: LabelSelector }, path: Path, errors: Errors): void {
  labelSelectorErrors(namespaceSelector, path.child('namespaceSelector'), errors);
  labelSelectorErrors(objectSelector, path.child('objectSelector'), errors);
}

/** Checks names and expressions of match conditions. */
export function checkMatchConditions(conditions: readonly MatchCondition[], scope: PolicyScope, path: Path, errors: Errors): void {
  if (conditions.length > 64) errors.tooMany(path, conditions.length, 64);
  const names = new Set<string>();
  for (const [index, { name, expression }] of conditions.entries()) {
    const at = path.index(index);
    const problem = expression.trim() === '' ? undefined : expressionProblem(expression.trim(), ['bool'], scope);
    if (expression.trim() === '') errors.required(at.child('expression'));
    if (problem !== undefined) errors.invalid(at.child('expression'), expression.trim(), problem);
    if (name === '') errors.required(at.child('name'));
    else errors.invalidEach(at.child('name'), name, isQualifiedName(name));
    if (name !== '' && names.has(name)) errors.duplicate(at.child('name'), name);
    names.add(name);
  }
}

/** Checks a webhook's name: a domain of three parts. */
export function checkWebhookName(name: string, path: Path, errors: Errors): void {
  if (name === '') return errors.required(path);
  errors.invalidEach(path, name, isDns1123Subdomain(name));
  if (isDns1123Subdomain(name).length === 0 && name.split('.').length < 3) errors.invalid(path, name, 'should be a domain with at least three segments separated by dots');
}
