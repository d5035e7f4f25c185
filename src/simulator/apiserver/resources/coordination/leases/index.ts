import { isQualifiedName, type Lease } from '../../../../api';
import { age, nameOf } from '../../cells';
import type { Draft, ResourceDefinition } from '../../definition';
import { collect, specPath } from '../../strategy';

const validate = ({ spec }: Lease) =>
  collect((errors) => {
    const { leaseDurationSeconds: duration, leaseTransitions: transitions, strategy } = spec ?? {};
    if (duration !== undefined && duration <= 0) errors.invalid(specPath.child('leaseDurationSeconds'), duration, 'must be greater than 0');
    if (transitions !== undefined && transitions < 0) errors.invalid(specPath.child('leaseTransitions'), transitions, 'must be greater than or equal to 0');
    if (strategy !== undefined) errors.invalidEach(specPath.child('strategy'), strategy, isQualifiedName(strategy));
  });

/** Coordinated leader election (KEP-4355) is off: its fields are forgotten. */
function dropGatedFields(draft: Draft): void {
  const spec = draft['spec'] as Record<string, unknown> | undefined;
  if (!spec) return;
  delete spec['strategy'];
  delete spec['preferredHolder'];
}

/** Leases: who leads, and which nodes live. */
export const leases: ResourceDefinition<Lease> = {
  group: 'coordination.k8s.io',
  resource: 'leases',
  validateCreate: validate,
  validateUpdate: validate,
  prepareForCreate: dropGatedFields,
  prepareForUpdate: dropGatedFields,
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: false,
  cells: (lease, now) => [nameOf(lease), lease.spec?.holderIdentity ?? '', age(lease, now)],
};
