import { type Amount, isStatus, type KubeObject, parseQuantity, type Pod, type ResourceQuota, StatusError, type Status, zeroAmount } from '../../../api';
import type { Task } from '../../../kernel';
import type { AdmissionAttributes, AdmissionContext, AdmissionPlugin } from '../plugin';
import { forbidden, resources } from '../request';
import { scopesMatch } from './scopes';
import { unsaid, type Usage, usageOf } from './usage';

const pretty = (amounts: ReadonlyMap<string, Amount>): string => [...amounts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, amount]) => `${name}=${amount.toString()}`).join(',');

/** What the request adds to what counts. */
function addedBy({ operation, resource, object, oldObject }: AdmissionAttributes): Usage {
  const usage = usageOf(resource.group, resource.resource, object as unknown as KubeObject);
  if (operation !== 'UPDATE' || !oldObject) return usage;
  const before = usageOf(resource.group, resource.resource, oldObject);
  return new Map([...usage].map(([name, amount]) => [name, amount.subtract(before.get(name) ?? zeroAmount)]));
}

/** The new use of what a quota counts; undefined when the request adds nothing to it. Throws the refusal. */
function charge(attributes: AdmissionAttributes, quota: ResourceQuota, added: Usage): Record<string, string> | undefined {
  const hard = quota.status?.hard ?? {};
  const name = quota.metadata?.name ?? '';
  const requested = new Map([...added].filter(([resource, amount]) => hard[resource] !== undefined && amount.sign > 0));
  if (attributes.operation === 'CREATE' && attributes.resource.group === '' && attributes.resource.resource === 'pods') {
    const missing = unsaid(attributes.object as unknown as Pod, new Set(Object.keys(hard)));
    if (missing.size > 0) throw forbidden(attributes, `failed quota: ${name}: must specify ${[...missing].map(([resource, containers]) => `${resource} for: ${containers.join(',')}`).join('; ')}`);
  }
  if (requested.size === 0) return undefined;
  const used = quota.status?.used ?? {};
  const unknown = [...requested.keys()].filter((resource) => used[resource] === undefined);
  if (unknown.length > 0) throw forbidden(attributes, `status unknown for quota: ${name}, resources: ${unknown.sort().join(',')}`);
  const amountIn = (amounts: typeof hard, resource: string) => parseQuantity(String(amounts[resource]));
  const exceeded = [...requested].filter(([resource, amount]) => amountIn(used, resource).add(amount).compare(amountIn(hard, resource)) > 0);
  if (exceeded.length > 0) {
    const shown = (amounts: typeof hard) => pretty(new Map(exceeded.map(([resource]) => [resource, amountIn(amounts, resource)])));
    throw forbidden(attributes, `exceeded quota: ${name}, requested: ${pretty(new Map(exceeded))}, used: ${shown(used)}, limited: ${shown(hard)}`);
  }
  const now: Record<string, string> = { ...(used as Record<string, string>) };
  for (const [resource, amount] of requested) now[resource] = amountIn(used, resource).add(amount).toString();
  return now;
}

function* store(quota: ResourceQuota, used: Record<string, string>, context: AdmissionContext): Task {
  const { namespace = '', name = '' } = quota.metadata ?? {};
  const body = { ...quota, apiVersion: 'v1', kind: 'ResourceQuota', status: { ...quota.status, used } };
  const response = yield* context.loopback({ method: 'PUT', url: `/api/v1/namespaces/${namespace}/resourcequotas/${name}/status`, credentials: { anonymous: true }, body });
  if (response.status >= 400) throw new StatusError(response.body as Status);
}

const attempts = 4;

/** Charges a request to each quota of its namespace that counts it. */
function* chargeAll(attributes: AdmissionAttributes, quotas: readonly ResourceQuota[], object: KubeObject, context: AdmissionContext): Task {
  const { namespace, resource } = attributes;
  const added = addedBy(attributes);
  for (const { metadata } of quotas) {
    for (let attempt = 1; ; attempt++) {
      const quota = context.get<ResourceQuota>(resources.resourcequotas, namespace, metadata?.name ?? '');
      if (!quota || !scopesMatch(quota.spec ?? {}, resource.group, resource.resource, object)) break;
      const used = charge(attributes, quota, added);
      if (used === undefined || attributes.dryRun) break;
      try {
        yield* store(quota, used, context);
        break;
      } catch (error) {
        if (!isStatus(error, 'Conflict') || attempt === attempts) throw error;
      }
    }
  }
}

/** Counts what is created against the quotas of its namespace, and refuses what is too much. */
export const resourceQuota: AdmissionPlugin = {
  name: 'ResourceQuota',
  handles({ operation, group, resource, subresource }) {
    if (subresource !== '' && !(subresource === 'resize' && resource === 'pods')) return false;
    return operation === 'CREATE' || (operation === 'UPDATE' && group === '' && ['pods', 'services', 'persistentvolumeclaims'].includes(resource));
  },
  validate(attributes, context) {
    const { namespace, object } = attributes;
    if (namespace === undefined || namespace === '' || !object) return undefined;
    const quotas = context.list<ResourceQuota>(resources.resourcequotas, namespace);
    return quotas.length === 0 ? undefined : chargeAll(attributes, quotas, object as unknown as KubeObject, context);
  },
};
