import { base64Decode, type CertificateSigningRequest, DerError, isSequence, isDns1123Label, isDns1123Subdomain, parseSigningRequest, pemBlocks } from '../../../api';
import { formatTime, utf8Decode } from '../../../kernel';
import { type Errors, type Path } from '../../field';
import { age, humanDuration, nameOf } from '../cells';
import type { Draft, ResourceDefinition, StrategyContext } from '../definition';
import { collect, specPath, statusPath } from '../strategy';

const usages = new Set([
  'signing', 'digital signature', 'content commitment', 'key encipherment', 'key agreement', 'data encipherment', 'cert sign', 'crl sign', 'encipher only', 'decipher only', 'any', 'server auth', 'client auth', 'code signing',
  'email protection', 's/mime', 'ipsec end system', 'ipsec tunnel', 'ipsec user', 'timestamping', 'ocsp signing', 'microsoft sgc', 'netscape sgc',
]);

const longestDomain = 253;
const longestSigner = 571;

/** Checks the name of a signer: domain/path. */
function checkSigner(signer: string, path: Path, errors: Errors): void {
  if (signer === '') return errors.required(path);
  const parts = signer.split('/');
  if (parts.length !== 2) return errors.invalid(path, signer, "must be a fully qualified domain and path of the form 'example.com/signer-name'");
  const [domain = '', name = ''] = parts;
  const checkLabels = (text: string, rule: (label: string) => readonly string[]): void => {
    const wrong = text.split('.').find((label) => rule(label).length > 0);
    if (wrong !== undefined) errors.invalidEach(path, text, rule(wrong).map((reason) => `validating label ${JSON.stringify(wrong)}: ${reason}`));
  };
  if (domain.length > longestDomain) errors.tooLong(path, longestDomain);
  checkLabels(domain, isDns1123Label);
  if (!domain.includes('.')) errors.invalid(path, domain, 'should be a domain with at least two segments separated by dots');
  checkLabels(name, isDns1123Subdomain);
  if (signer.length > longestSigner) errors.tooLong(path, longestSigner);
}

/** What is wrong with the request itself: base64 of PEM. */
function requestProblem(request: string): string | undefined {
  const [block] = pemBlocks(utf8Decode(base64Decode(request)));
  if (block?.type !== 'CERTIFICATE REQUEST') return 'PEM block type must be CERTIFICATE REQUEST';
  try {
    parseSigningRequest(block.bytes);
    return undefined;
  } catch (error) {
    if (error instanceof DerError) return error.message;
    throw error;
  }
}

function check({ spec }: CertificateSigningRequest, errors: Errors): void {
  const problem = requestProblem(spec.request ?? '');
  if (problem !== undefined) errors.invalid(specPath.child('request'), spec.request ?? null, problem);
  if ((spec.usages ?? []).length === 0) errors.required(specPath.child('usages'));
  for (const [index, usage] of (spec.usages ?? []).entries()) if (!usages.has(usage)) errors.notSupported(specPath.child('usages').index(index), usage, [...usages].sort());
  const seen = new Set<string>();
  for (const [index, usage] of (spec.usages ?? []).entries()) {
    if (seen.has(usage)) errors.duplicate(specPath.child('usages').index(index), usage);
    seen.add(usage);
  }
  if (spec.signerName === 'kubernetes.io/legacy-unknown') errors.invalid(specPath.child('signerName'), spec.signerName, 'the legacy signerName is not allowed via this API version');
  else checkSigner(spec.signerName, specPath.child('signerName'), errors);
  if (spec.expirationSeconds !== undefined && spec.expirationSeconds < 600) errors.invalid(specPath.child('expirationSeconds'), spec.expirationSeconds, 'may not specify a duration less than 600 seconds (10 minutes)');
}

/** Conditions that stay once they are there; the first two are decisions, which only the approval subresource makes. */
const lasting = ['Approved', 'Denied', 'Failed'];
const decisions = lasting.slice(0, 2);
const truths = ['False', 'True', 'Unknown'];

function checkConditions({ status }: CertificateSigningRequest, errors: Errors): void {
  const seen = new Set<string>();
  for (const [index, { type, status: is }] of (status?.conditions ?? []).entries()) {
    const at = statusPath.child('conditions').index(index);
    if (type === '') errors.required(at.child('type'));
    const supported = lasting.includes(type) ? ['True'] : truths;
    if ((is as string) === '') errors.required(at.child('status'));
    else if (!supported.includes(is)) errors.notSupported(at.child('status'), is, supported);
    const opposite = decisions.find((one) => one !== type && decisions.includes(type));
    if (opposite !== undefined && seen.has(opposite)) errors.invalid(statusPath.child('conditions'), type, 'Approved and Denied conditions are mutually exclusive');
    if (seen.has(type)) errors.duplicate(at.child('type'), type);
    seen.add(type);
  }
}

/** What a signer put into the status: PEM blocks of certificates and nothing else (text around them aside). */
function checkCertificate(certificate: string, errors: Errors): void {
  const wrong = (problem: string): void => errors.invalid(statusPath.child('certificate'), '<certificate data>', problem);
  const blocks = pemBlocks(utf8Decode(base64Decode(certificate)));
  for (const { type, headers, bytes } of blocks) {
    if (type !== 'CERTIFICATE') return wrong(`only CERTIFICATE PEM blocks are allowed, found ${JSON.stringify(type)}`);
    if (headers) return wrong('no PEM block headers are permitted');
    if (!isSequence(bytes)) return wrong('x509: malformed certificate');
  }
  if (blocks.length === 0) wrong('must contain at least one CERTIFICATE PEM block');
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

type Condition = NonNullable<NonNullable<CertificateSigningRequest['status']>['conditions']>[number];

/** When a condition became what it is, if it was before. */
const transitionOf = ({ type, status }: Condition, before: readonly Condition[]): string | undefined => before.find((one) => one.type === type && one.status === status)?.lastTransitionTime;

/** An approval changes conditions alone; a status takes what was decided before as it was. Who does not say when, does it now. */
function keepConditions(draft: Draft, old: CertificateSigningRequest, approval: boolean, { now: time }: StrategyContext): void {
  const now = (draft['status'] ?? {}) as Record<string, unknown>;
  const before = old.status?.conditions ?? [];
  const sent = (now['conditions'] ?? []) as readonly Condition[];
  const conditions = approval ? sent : sent.map((one) => (decisions.includes(one.type) && before.find(({ type }) => type === one.type)) || one);
  const at = formatTime(time);
  draft['status'] = { ...(approval ? old.status : now), conditions: conditions.map((one) => ({ ...one, lastUpdateTime: one.lastUpdateTime ?? at, lastTransitionTime: one.lastTransitionTime ?? transitionOf(one, before) ?? at })) };
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
  validateName: () => [],
  keptFields: ['spec'],
  prepareForCreate: takeIdentity,
  validateCreate: (request) => collect((errors) => check(request, errors)),
  prepareForUpdate: (draft, old) => {
    draft['spec'] = old.spec;
    draft['status'] = old.status ?? {};
  },
  subresources: {
    status: {
      prepareForUpdate: (draft, old, context) => keepConditions(draft, old, false, context),
      validateUpdate: (request, old) =>
        collect((errors) => {
          checkConditions(request, errors);
          if ((request.status?.certificate ?? '') !== '') checkCertificate(request.status?.certificate ?? '', errors);
          checkTransition(request, old, false, errors);
          const had = old.status?.certificate ?? '';
          const certificate = request.status?.certificate ?? '';
          if (had !== '' && certificate !== had) errors.invalid(statusPath.child('certificate'), '<certificate data>', 'field is immutable');
        }),
    },
    approval: {
      resets: { 'f:spec': {}, 'f:status': { 'f:certificate': {} } },
      prepareForUpdate: (draft, old, context) => keepConditions(draft, old, true, context),
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
