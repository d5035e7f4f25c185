import type { ValidatingAdmissionPolicy } from '../../api';
import { meta, resources, runController, WorkQueue } from '../../client';
import type { Controller } from '../manager/context';

/** Says of each ValidatingAdmissionPolicy that its expressions were looked at. */
export const validatingAdmissionPolicyStatusController: Controller = {
  name: 'validatingadmissionpolicy-status-controller',
  *start({ kernel, client, informers }) {
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
        yield* client.updateStatus<ValidatingAdmissionPolicy>(resources.validatingadmissionpolicies, { ...policy, status: { ...policy.status, observedGeneration, typeChecking: policy.status?.typeChecking ?? {} } });
      },
    });
  },
};
