import type { ValidatingAdmissionPolicy } from '../../api';
import { meta, resources, runController, WorkQueue } from '../../client';
import type { Controller } from '../manager/context';

const fieldManager = 'validatingadmissionpolicy-status';

/** Says of each ValidatingAdmissionPolicy what of its expressions does not fit the kinds that it matches (KEP-3488). */
export const validatingAdmissionPolicyStatusController: Controller = {
  name: 'validatingadmissionpolicy-status-controller',
  *start({ kernel, client, informers, options }) {
    const policies = informers.for<ValidatingAdmissionPolicy>(resources.validatingadmissionpolicies);
    yield* informers.waitSynced();
    const queue = new WorkQueue(kernel);
    policies.addHandlers({ add: (policy) => queue.add(meta(policy).name), update: (_, policy) => queue.add(meta(policy).name) });
    runController({
      kernel, name: 'validatingadmissionpolicy-status', queue, workers: 5,
      *sync(name) {
        const policy = policies.get(undefined, name);
        const observedGeneration = policy?.metadata?.generation ?? 0;
        if (!policy || policy.status?.observedGeneration === observedGeneration) return;
        const expressionWarnings = options.checkPolicy?.(policy) ?? [];
        const status = { observedGeneration, typeChecking: expressionWarnings.length === 0 ? {} : { expressionWarnings } };
        yield* client.patch(resources.validatingadmissionpolicies, undefined, name, 'application/apply-patch+yaml', { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingAdmissionPolicy', metadata: { name }, status }, { subresource: 'status', fieldManager, force: true });
      },
    });
  },
};
