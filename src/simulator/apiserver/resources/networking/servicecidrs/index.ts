import { cidrProblems, parseCidr, type ServiceCIDR } from '../../../../api';
import { type Errors } from '../../../field';
import { age, nameOf } from '../../cells';
import type { ResourceDefinition } from '../../definition';
import { collect, keepStatus, newWithStatus, specPath, statusStrategy } from '../../strategy';

const path = specPath.child('cidrs');

function check({ spec }: ServiceCIDR, errors: Errors): void {
  const cidrs = spec?.cidrs ?? [];
  if (cidrs.length === 0) return errors.required(path, 'at least one CIDR required');
  if (cidrs.length > 2) return errors.invalid(path, { CIDRs: cidrs }, 'may only hold up to 2 values');
  for (const [index, cidr] of cidrs.entries()) errors.invalidEach(path.index(index), cidr, cidrProblems(cidr));
  const families = cidrs.map((cidr) => parseCidr(cidr)?.address.family);
  if (cidrs.length === 2 && families[0] !== undefined && families[0] === families[1]) errors.invalid(path, cidrs, 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64');
}

/** A ServiceCIDR of one family may get the other (KEP-1880). */
function checkUpdate(own: ServiceCIDR, old: ServiceCIDR, errors: Errors): void {
  const [now, before] = [own.spec?.cidrs ?? [], old.spec?.cidrs ?? []];
  if (now.length !== before.length && !(before.length === 1 && now.length === 2)) return errors.invalid(path, own.spec?.cidrs ?? null, 'field is immutable');
  for (const [index, cidr] of before.entries()) if (now[index] !== cidr) errors.invalid(path.index(index), now[index] ?? '', 'field is immutable');
  if (now.length > before.length) check(own, errors);
}

/** ServiceCIDRs: from where Services get addresses. */
export const servicecidrs: ResourceDefinition<ServiceCIDR> = {
  group: 'networking.k8s.io',
  resource: 'servicecidrs',
  prepareForCreate: newWithStatus,
  validateCreate: (own) => collect((errors) => check(own, errors)),
  prepareForUpdate: keepStatus,
  validateUpdate: (own, old) => collect((errors) => checkUpdate(own, old, errors)),
  subresources: { status: statusStrategy<ServiceCIDR>(undefined, 'all') },
  cells: (own, now) => [nameOf(own), (own.spec?.cidrs ?? []).join(','), age(own, now)],
};
