import { type CertificateSigningRequest, isDns1123Subdomain } from '../../../api';
import { utf8Decode } from '../../../kernel';
import { type Errors, type Path } from '../../field';
import { age, humanDuration, nameOf } from '../cells';
import { bytesOf } from '../core/secrets/base64';
import type { Draft, ResourceDefinition, StrategyContext } from '../definition';
import { collect, specPath, statusPath } from '../strategy';

const usages = new Set([
  'signing', 'digital signature', 'content commitment', 'key encipherment', 'key agreement', 'data encipherment', 'cert sign', 'crl sign', 'encipher only', 'decipher only', 'any', 'server auth', 'client auth', 'code signing',
  'email protection', 's/mime', 'ipsec end system', 'ipsec tunnel', 'ipsec user', 'timestamping', 'ocsp signing', 'microsoft sgc', 'netscape sgc',
]);

/** Checks the name of a signer: domain/path. */
function checkSigner(signer: string, path: Path, errors: Errors): void {
  if (signer === '') return errors.required(path);
  const parts = signer.split('/');
  if (parts.length !== 2) return errors.invalid(path, signer, "must be a fully qualified domain and path of the form 'example.com/signer-name'");
  const [domain = '', name = ''] = parts;
  errors.invalidEach(path, domain, isDns1123Subdomain(domain).map((reason) => `validating label ${JSON.stringify(domain)}: ${reason}`));
  if (!domain.includes('.')) errors.invalid(path, domain, 'should be a domain with at least two segments separated by dots');
  for (const piece of name.split('.')) if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(piece)) errors.invalidEach(path, name, isDns1123Subdomain(piece).map((reason) => `validating label ${JSON.stringify(piece)}: ${reason}`));
}

function check({ spec }: CertificateSigningRequest, errors: Errors): void {
  const text = utf8Decode(bytesOf(spec.request ?? ''));
  if (!text.includes('-----BEGIN CERTIFICATE REQUEST-----') && !text.includes('-----BEGIN NEW CERTIFICATE REQUEST-----')) errors.invalid(specPath.child('request'), spec.request ?? null, 'PEM block type must be CERTIFICATE REQUEST');
  if ((spec.usages ?? []).length === 0) errors.required(specPath.child('usages'));
  const seen = new Set<string>();
  for (const [index, usage] of (spec.usages ?? []).entries()) {
    if (!usages.has(usage)) errors.notSupported(specPath.child('usages').index(index), usage, [...usages].sort());
    if (seen.has(usage)) errors.duplicate(specPath.child('usages').index(index), usage);
    seen.add(usage);
  }
  if (spec.signerName === 'kubernetes.io/legacy-unknown') errors.invalid(specPath.child('signerName'), spec.signerName, 'the legacy signerName is not allowed via this API version');
  else checkSigner(spec.signerName, specPath.child('signerName'), errors);
  if (spec.expirationSeconds !== undefined && spec.expirationSeconds < 600) errors.invalid(specPath.child('expirationSeconds'), spec.expirationSeconds, 'may not specify a duration less than 600 seconds (10 minutes)');
}

function checkConditions({ status }: CertificateSigningRequest, errors: Errors): void {
  const seen = new Set<string>();
  for (const [index, { type, status: is }] of (status?.conditions ?? []).entries()) {
    const at = statusPath.child('conditions').index(index);
    if (type === '') errors.required(at.child('type'));
    if ((is as string) === '') errors.required(at.child('status'));
    else if ((type === 'Approved' || type === 'Denied' || type === 'Failed') && is !== 'True') errors.notSupported(at.child('status'), is, ['True']);
    if (seen.has(type)) errors.duplicate(at.child('type'), type);
    seen.add(type);
  }
  if (seen.has('Approved') && seen.has('Denied')) errors.invalid(statusPath.child('conditions'), 'Approved', 'Approved and Denied conditions are mutually exclusive');
}

function takeIdentity(draft: Draft, { user }: StrategyContext): void {
  const spec = draft['spec'] as Record<string, unknown>;
  spec['username'] = user.name;
  for (const field of ['uid', 'groups', 'extra']) delete spec[field];
  if (user.uid !== undefined) spec['uid'] = user.uid;
  if (user.groups.length > 0) spec['groups'] = [...user.groups];
  if (user.extra) spec['extra'] = Object.fromEntries(Object.entries(user.extra).map(([key, values]) => [key, [...values]]));
  draft['status'] = {};
}

function condition({ status }: CertificateSigningRequest): string {
  const has = (type: string) => status?.conditions?.some((one) => one.type === type) ?? false;
  const out: string[] = [];
  if (has('Denied')) out.push('Denied');
  else if (has('Approved')) out.push('Approved');
  else out.push('Pending');
  if (has('Failed')) out.push('Failed');
  if ((status?.certificate ?? '') !== '') out.push('Issued');
  return out.join(',');
}

/** Conditions that stay once they are there; the first two are decisions, which only the approval subresource makes. */
const lasting = ['Approved', 'Denied', 'Failed'];
const decisions = lasting.slice(0, 2);

/** An approval changes conditions alone; a status takes what was decided before as it was. */
function keepConditions(draft: Draft, old: CertificateSigningRequest, approval: boolean): void {
  const now = (draft['status'] ?? {}) as Record<string, unknown>;
  const before = old.status?.conditions ?? [];
  const sent = (now['conditions'] ?? []) as readonly { readonly type: string }[];
  const conditions = approval ? sent : sent.map((one) => (decisions.includes(one.type) && before.find(({ type }) => type === one.type)) || one);
  draft['status'] = { ...(approval ? old.status : now), conditions };
  if (conditions.length === 0) delete (draft['status'] as Record<string, unknown>)['conditions'];
  draft['spec'] = old.spec;
}

function checkTransition(request: CertificateSigningRequest, old: CertificateSigningRequest, approval: boolean, errors: Errors): void {
  const count = ({ status }: CertificateSigningRequest, wanted: string) => (status?.conditions ?? []).filter(({ type }) => type === wanted).length;
  const at = statusPath.child('conditions');
  for (const type of lasting) if (count(request, type) < count(old, type)) errors.forbidden(at, `updates may not remove a condition of type ${JSON.stringify(type)}`);
  if (approval) return;
  for (const type of decisions) if (count(request, type) > count(old, type)) errors.forbidden(at, `updates may not add a condition of type ${JSON.stringify(type)}`);
}

/** CertificateSigningRequests: certificates that are asked for. */
export const certificatesigningrequests: ResourceDefinition<CertificateSigningRequest> = {
  group: 'certificates.k8s.io',
  resource: 'certificatesigningrequests',
  prepareForCreate: takeIdentity,
  validateCreate: (request) => collect((errors) => check(request, errors)),
  prepareForUpdate: (draft, old) => {
    draft['spec'] = old.spec;
    draft['status'] = old.status ?? {};
  },
  subresources: {
    status: {
      prepareForUpdate: (draft, old) => keepConditions(draft, old, false),
      validateUpdate: (request, old) =>
        collect((errors) => {
          checkConditions(request, errors);
          checkTransition(request, old, false, errors);
          const had = old.status?.certificate ?? '';
          if (had !== '' && request.status?.certificate !== had) errors.invalid(statusPath.child('certificate'), request.status?.certificate ?? '', 'field is immutable');
        }),
    },
    approval: {
      prepareForUpdate: (draft, old) => keepConditions(draft, old, true),
      validateUpdate: (request, old) =>
        collect((errors) => {
          checkConditions(request, errors);
          checkTransition(request, old, true, errors);
        }),
    },
  },
  selectableFields: ({ spec }) => ({ 'spec.signerName': spec.signerName }),
  cells: (request, now) => {
    const { spec } = request;
    const duration = spec.expirationSeconds === undefined ? '<none>' : humanDuration(spec.expirationSeconds * 1e6);
    return [nameOf(request), age(request, now), spec.signerName === '' ? '<none>' : spec.signerName, spec.username ?? '', duration, condition(request)];
  },
};
