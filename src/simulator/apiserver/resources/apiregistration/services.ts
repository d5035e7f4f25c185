import { type APIService, base64Decode, isDns1035Label, isDns1123Subdomain } from '../../../api';
import { formatTime } from '../../../kernel';
import { type Errors, pathSegmentReasons, portNumberReasons } from '../../field';
import { age, nameOf } from '../cells';
import type { Draft, ResourceDefinition } from '../definition';
import { collect, keepStatus, metadataPath, newWithStatus, specPath, statusPath, statusStrategy } from '../strategy';

const truths = ['True', 'False', 'Unknown'];

/** A name says which version of which group it is of. */
function checkNames({ metadata, spec }: APIService, errors: Errors): void {
  const wanted = `${spec?.version ?? ''}.${spec?.group ?? ''}`;
  for (const field of ['generateName', 'name'] as const) {
    const name = metadata?.[field] ?? '';
    if (name !== '' && name !== wanted && pathSegmentReasons(name).length === 0) errors.invalid(metadataPath.child(field), name, `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(wanted)}`);
  }
}

function check(own: APIService, errors: Errors): void {
  const { spec } = own;
  checkNames(own, errors);
  const { group = '', version = '', groupPriorityMinimum, versionPriority, service, caBundle, insecureSkipTLSVerify } = spec ?? { groupPriorityMinimum: 0, versionPriority: 0 };
  if (group === '') {
    if (version !== 'v1') errors.required(specPath.child('group'), 'only v1 may have an empty group and it better be legacy kube');
  } else errors.invalidEach(specPath.child('group'), group, isDns1123Subdomain(group));
  errors.invalidEach(specPath.child('version'), version, isDns1035Label(version));
  if (groupPriorityMinimum <= 0 || groupPriorityMinimum > 20_000) errors.invalid(specPath.child('groupPriorityMinimum'), groupPriorityMinimum, 'must be positive and less than 20000');
  if (versionPriority <= 0 || versionPriority > 1000) errors.invalid(specPath.child('versionPriority'), versionPriority, 'must be positive and less than 1000');
  if (!service) {
    if ((caBundle ?? '') !== '') errors.invalid(specPath.child('caBundle'), `${base64Decode(caBundle ?? '').length} bytes`, 'local APIServices may not have a caBundle');
    if (insecureSkipTLSVerify) errors.invalid(specPath.child('insecureSkipTLSVerify'), insecureSkipTLSVerify, 'local APIServices may not have insecureSkipTLSVerify');
    return;
  }
  const path = specPath.child('service');
  if ((service.namespace ?? '') === '') errors.required(path.child('namespace'));
  if ((service.name ?? '') === '') errors.required(path.child('name'));
  if (service.port !== undefined) for (const reason of portNumberReasons(service.port)) errors.invalid(path.child('port'), service.port, `port is not valid: ${reason}`);
  if (insecureSkipTLSVerify && (caBundle ?? '') !== '') errors.invalid(specPath.child('insecureSkipTLSVerify'), insecureSkipTLSVerify, 'may not be true if caBundle is present');
}

function checkConditions(conditions: NonNullable<NonNullable<APIService['status']>['conditions']>, errors: Errors): void {
  for (const [index, { status }] of conditions.entries()) if (!truths.includes(status)) errors.notSupported(statusPath.child('conditions').index(index).child('status'), status, truths);
}

function availability({ status }: APIService): string {
  const condition = status?.conditions?.find(({ type }) => type === 'Available');
  if (!condition) return 'Unknown';
  return condition.status === 'True' ? 'True' : `${condition.status} (${condition.reason ?? ''})`;
}

/** APIServices: who serves which version of which group. */
export const apiservices: ResourceDefinition<APIService> = {
  group: 'apiregistration.k8s.io',
  resource: 'apiservices',
  validateName: (name) => [...pathSegmentReasons(name)],
  applyDefaults: (draft: Draft) => {
    const service = (draft['spec'] as { service?: Record<string, unknown> } | undefined)?.service;
    if (service) service['port'] ??= 443;
  },
  prepareForCreate: (draft, context) => {
    newWithStatus(draft);
    if (!(draft['spec'] as { readonly service?: unknown } | undefined)?.service) draft['status'] = { conditions: [{ type: 'Available', status: 'True', lastTransitionTime: formatTime(context.now), reason: 'Local', message: 'Local APIServices are always available' }] };
  },
  validateCreate: (own) => collect((errors) => check(own, errors)),
  prepareForUpdate: keepStatus,
  validateUpdate: (own) => collect((errors) => check(own, errors)),
  subresources: {
    status: statusStrategy<APIService>(({ status }) => collect((errors) => checkConditions(status?.conditions ?? [], errors)), 'all'),
  },
  cells: (own, now) => {
    const service = own.spec?.service;
    return [nameOf(own), service ? `${service.namespace ?? ''}/${service.name ?? ''}` : 'Local', availability(own), age(own, now)];
  },
};
