import { base64Decode, type CertificateSigningRequest, nameAttributes, parseSigningRequest, pemBlocks } from '../../api';
import { utf8Decode } from '../../kernel';
import { sameValue } from '../resources/equality';
import type { AdmissionAttributes, AdmissionContext, AdmissionPlugin } from './plugin';
import { forbidden, on } from './request';

/** Whether a user may act on a signer: on it by name, or on every one of its domain. */
function mayUseSigner(verb: string, signer: string, { user }: AdmissionAttributes, context: AdmissionContext): boolean {
  const may = (name: string) => context.authorize(user, verb, 'certificates.k8s.io', 'signers', '', '', name);
  return may(signer) || may(`${signer.split('/')[0] ?? ''}/*`);
}

const signerOf = ({ oldObject }: AdmissionAttributes): string => (oldObject as CertificateSigningRequest | undefined)?.spec.signerName ?? '';

/** Who approves a request must be allowed to approve for its signer. */
export const certificateApproval: AdmissionPlugin = {
  name: 'CertificateApproval',
  handles: on(['UPDATE'], 'certificates.k8s.io', 'certificatesigningrequests', 'approval'),
  validate(attributes, context) {
    const signer = signerOf(attributes);
    if (!mayUseSigner('approve', signer, attributes, context)) throw forbidden(attributes, `user not permitted to approve requests with signerName ${JSON.stringify(signer)}`);
  },
};

/** Who puts a certificate into a request must be allowed to sign for its signer. */
export const certificateSigning: AdmissionPlugin = {
  name: 'CertificateSigning',
  handles: on(['UPDATE'], 'certificates.k8s.io', 'certificatesigningrequests', 'status'),
  validate(attributes, context) {
    const now = (attributes.object as unknown as CertificateSigningRequest).status ?? {};
    const old = (attributes.oldObject as CertificateSigningRequest).status ?? {};
    if (now.certificate === old.certificate && sameValue(now.conditions, old.conditions)) return;
    const signer = signerOf(attributes);
    if (!mayUseSigner('sign', signer, attributes, context)) throw forbidden(attributes, `user not permitted to sign requests with signerName ${JSON.stringify(signer)}`);
  },
};

/** Nobody gets a client certificate for the group that may do everything. */
export const certificateSubjectRestriction: AdmissionPlugin = {
  name: 'CertificateSubjectRestriction',
  handles: on(['CREATE'], 'certificates.k8s.io', 'certificatesigningrequests'),
  validate(attributes) {
    const { spec } = attributes.object as unknown as CertificateSigningRequest;
    if (spec.signerName !== 'kubernetes.io/kube-apiserver-client') return;
    const [block] = pemBlocks(utf8Decode(base64Decode(spec.request)));
    const subject = block ? parseSigningRequest(block.bytes).subject : [];
    if (subject.some(({ type, value }) => type === nameAttributes.organization && value === 'system:masters')) throw forbidden(attributes, 'use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed');
  },
};
