import type { CertificateSigningRequest, CertificateSigningRequestCondition, SubjectAccessReview } from '../../api';
import { type Client, meta, resources, runController, WorkQueue } from '../../client';
import { formatTime, type Kernel, type Task } from '../../kernel';
import type { Controller } from '../manager/context';

const clientSigner = 'kubernetes.io/kube-apiserver-client-kubelet';
const signers = ['kubernetes.io/kube-apiserver-client', clientSigner, 'kubernetes.io/kubelet-serving', 'kubernetes.io/legacy-unknown'];

const has = ({ status }: CertificateSigningRequest, type: string): boolean => status?.conditions?.some((condition) => condition.type === type) ?? false;

const withCondition = ({ status }: CertificateSigningRequest, type: string, reason: string, message: string, kernel: Kernel) => {
  const time = formatTime(kernel.now);
  const condition: CertificateSigningRequestCondition = { type, status: 'True', reason, message, lastUpdateTime: time, lastTransitionTime: time };
  return { ...status, conditions: [...(status?.conditions ?? []), condition] };
};

/** What a kubelet's client certificate is for: nothing less and nothing more. */
function isKubeletClient({ spec }: CertificateSigningRequest): boolean {
  const usages = [...(spec.usages ?? [])].sort().join();
  return spec.signerName === clientSigner && (usages === 'client auth,digital signature' || usages === 'client auth,digital signature,key encipherment');
}

function* mayHave(client: Client, { spec }: CertificateSigningRequest, subresource: string): Task<boolean> {
  const review = yield* client.create<SubjectAccessReview>(resources.subjectaccessreviews, undefined, {
    apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview',
    spec: {
      user: spec.username ?? '', groups: spec.groups ?? [], ...(spec.uid && { uid: spec.uid }),
      resourceAttributes: { group: 'certificates.k8s.io', resource: 'certificatesigningrequests', verb: 'create', subresource, version: '*' },
    },
  });
  return review.status?.allowed ?? false;
}

/** Approves the client certificates that kubelets ask for, when they may have them. */
export const certificateApprover: Controller = {
  name: 'certificatesigningrequest-approving-controller',
  identity: 'certificate-controller',
  *start({ kernel, client, informers }) {
    const requests = informers.for<CertificateSigningRequest>(resources.certificatesigningrequests);
    yield* informers.waitSynced();
    const queue = new WorkQueue(kernel);
    requests.addHandlers({ add: (request) => queue.add(meta(request).name), update: (_, request) => queue.add(meta(request).name) });
    runController({
      kernel, name: 'csr-approving', queue, workers: 1,
      *sync(name) {
        const request = requests.get(undefined, name);
        if (!request || request.status?.certificate || has(request, 'Approved') || has(request, 'Denied') || !isKubeletClient(request)) return;
        const own = request.spec.username?.startsWith('system:node:') ?? false;
        if (!(yield* mayHave(client, request, own ? 'selfnodeclient' : 'nodeclient'))) return;
        const message = own ? 'Auto approving self kubelet client certificate after SubjectAccessReview.' : 'Auto approving kubelet client certificate after SubjectAccessReview.';
        yield* client.update<CertificateSigningRequest>(resources.certificatesigningrequests, { ...request, status: withCondition(request, 'Approved', 'AutoApproved', message, kernel) }, { subresource: 'approval' });
      },
    });
  },
};

/** Signs approved requests of the built-in signers. */
export const certificateSigner: Controller = {
  name: 'certificatesigningrequest-signing-controller',
  identity: 'certificate-controller',
  *start({ kernel, client, informers, options: { sign } }) {
    if (!sign) return;
    const requests = informers.for<CertificateSigningRequest>(resources.certificatesigningrequests);
    yield* informers.waitSynced();
    const queue = new WorkQueue(kernel);
    requests.addHandlers({ add: (request) => queue.add(meta(request).name), update: (_, request) => queue.add(meta(request).name) });
    runController({
      kernel, name: 'csr-signing', queue, workers: 1,
      *sync(name) {
        const request = requests.get(undefined, name);
        if (!request || !has(request, 'Approved') || has(request, 'Denied') || has(request, 'Failed') || request.status?.certificate || !signers.includes(request.spec.signerName)) return;
        const { spec } = request;
        const result = sign({ request: spec.request, signerName: spec.signerName, usages: spec.usages ?? [], ...(spec.expirationSeconds !== undefined && { expirationSeconds: spec.expirationSeconds }) });
        const status = 'certificate' in result ? { ...request.status, certificate: result.certificate } : withCondition(request, 'Failed', 'SignerValidationFailure', result.failure, kernel);
        yield* client.updateStatus<CertificateSigningRequest>(resources.certificatesigningrequests, { ...request, status });
      },
    });
  },
};
