import type { PriorityLevelConfiguration } from '../../../api';
import { type Errors, inclusiveRange, type Path } from '../../field';
import { age, nameOf } from '../cells';
import type { Draft, ResourceDefinition } from '../definition';
import { sameValue } from '../equality';
import { internalView } from '../internal-view';
import { collect, newWithGeneration, specPath, statusStrategy, updateSpec } from '../strategy';
import { checkConditionTypes } from './conditions';

function defaultLevel(draft: Draft): void {
  const spec = (draft['spec'] ??= {}) as Record<string, Record<string, unknown> | string | undefined>;
  const exempt = spec['exempt'] as Record<string, unknown> | undefined;
  if (exempt) {
    exempt['nominalConcurrencyShares'] ??= 0;
    exempt['lendablePercent'] ??= 0;
  }
  const limited = spec['limited'] as Record<string, unknown> | undefined;
  if (!limited) return;
  limited['nominalConcurrencyShares'] ??= 30;
  limited['lendablePercent'] ??= 0;
  const response = limited['limitResponse'] as Record<string, Record<string, unknown> | undefined> | undefined;
  const queuing = response?.['queuing'];
  if (!queuing) return;
  for (const [name, value] of [['queues', 64], ['handSize', 8], ['queueLengthLimit', 50]] as const) if ((queuing[name] ?? 0) === 0) queuing[name] = value;
}

type Response = NonNullable<NonNullable<NonNullable<PriorityLevelConfiguration['spec']>['limited']>['limitResponse']>;

/** A request's hand of queues is dealt from one hash of 64 bits (KEP-1040, shuffle sharding). */
const entropyLimit = 60;

function entropyBits(deckSize: number, handSize: number): number {
  let bits = 0;
  for (let dealt = 0; dealt < handSize; dealt++) bits += Math.log2(deckSize - dealt);
  return Math.ceil(bits);
}

function checkResponse(response: Response | undefined, path: Path, errors: Errors): void {
  const type = response?.type ?? '';
  if (type === 'Reject') {
    if (response?.queuing) errors.forbidden(path.child('queuing'), 'must be nil if limited.limitResponse.type is not Limited');
  } else if (type === 'Queue') {
    if (!response?.queuing) return errors.required(path.child('queuing'), 'must not be empty if limited.limitResponse.type is Limited');
    const { queues = 0, handSize = 0, queueLengthLimit = 0 } = response.queuing;
    const at = path.child('queuing');
    if (queueLengthLimit <= 0) errors.invalid(at.child('queueLengthLimit'), queueLengthLimit, 'must be positive');
    if (queues <= 0) errors.invalid(at.child('queues'), queues, 'must be positive');
    else if (queues > 10_000_000) errors.invalid(at.child('queues'), queues, 'must not be greater than 10000000');
    if (handSize <= 0) errors.invalid(at.child('handSize'), handSize, 'must be positive');
    else if (handSize > queues) errors.invalid(at.child('handSize'), handSize, `should not be greater than queues (${queues})`);
    else if (entropyBits(queues, handSize) > entropyLimit) errors.invalid(at.child('handSize'), handSize, `required entropy bits of deckSize ${queues} and handSize ${handSize} should not be greater than ${entropyLimit}`);
  } else if (type === '') errors.required(path.child('type'));
  else errors.notSupported(path.child('type'), type, ['Queue', 'Reject']);
}

function checkLimited(limited: NonNullable<NonNullable<PriorityLevelConfiguration['spec']>['limited']>, at: Path, errors: Errors): void {
  if ((limited.nominalConcurrencyShares ?? 0) < 0) errors.invalid(at.child('nominalConcurrencyShares'), limited.nominalConcurrencyShares, 'must be a non-negative integer');
  const response = limited.limitResponse;
  checkResponse(response, at.child('limitResponse'), errors);
  const lendable = limited.lendablePercent ?? 0;
  if (lendable < 0 || lendable > 100) errors.invalid(at.child('lendablePercent'), lendable, inclusiveRange(0, 100));
  const borrowing = limited.borrowingLimitPercent;
  if (borrowing !== undefined && borrowing < 0) errors.invalid(at.child('borrowingLimitPercent'), borrowing, 'if specified, must be a non-negative integer');
}

function checkLevel({ metadata, spec }: PriorityLevelConfiguration, errors: Errors): void {
  const { type = '', limited, exempt } = spec ?? { type: '' };
  if ((metadata?.name === 'exempt') !== (type === 'Exempt')) errors.invalid(specPath.child('type'), type, "must be 'Exempt' if and only if `name` is 'exempt'");
  if (type === 'Limited') {
    if (exempt) errors.forbidden(specPath.child('exempt'), "must be nil if the type is Limited");
    if (limited) checkLimited(limited, specPath.child('limited'), errors);
    else errors.required(specPath.child('limited'), 'must not be empty when type is Limited');
  } else if (type === 'Exempt') {
    if (limited) errors.forbidden(specPath.child('limited'), "must be nil if the type is not Limited");
    const { nominalConcurrencyShares: shares = 0, lendablePercent: lendable = 0 } = exempt ?? {};
    const at = specPath.child('exempt');
    if (shares < 0) errors.invalid(at.child('nominalConcurrencyShares'), shares, 'must be a non-negative integer');
    if (lendable < 0 || lendable > 100) errors.invalid(at.child('lendablePercent'), lendable, inclusiveRange(0, 100));
  } else if (type === '') errors.required(specPath.child('type'));
  else errors.notSupported(specPath.child('type'), type, ['Exempt', 'Limited']);
  checkMandatory(metadata?.name ?? '', spec ?? { type: '' }, errors);
}

/** What the server itself needs may not be changed, but for how much the exempt level takes. */
function checkMandatory(name: string, spec: NonNullable<PriorityLevelConfiguration['spec']>, errors: Errors): void {
  const shown = () => internalView('io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationSpec', spec);
  if (name === 'exempt' && (spec.type !== 'Exempt' || spec.limited)) errors.invalid(specPath, shown(), "spec of 'exempt' except the 'spec.exempt' field must equal the fixed value");
  if (name === 'catch-all' && !sameValue(spec, catchAll)) errors.invalid(specPath, shown(), "spec of 'catch-all' must equal the fixed value");
}

const catchAll = { type: 'Limited', limited: { nominalConcurrencyShares: 5, lendablePercent: 0, limitResponse: { type: 'Reject' } } };

/** PriorityLevelConfigurations: how many requests go at once. */
export const prioritylevelconfigurations: ResourceDefinition<PriorityLevelConfiguration> = {
  group: 'flowcontrol.apiserver.k8s.io',
  resource: 'prioritylevelconfigurations',
  applyDefaults: defaultLevel,
  prepareForCreate: newWithGeneration,
  validateCreate: (level) => collect((errors) => checkLevel(level, errors)),
  prepareForUpdate: updateSpec,
  validateUpdate: (level) => collect((errors) => checkLevel(level, errors)),
  subresources: { status: statusStrategy<PriorityLevelConfiguration>((own) => collect((errors) => checkConditionTypes(own.status?.conditions, errors)), 'all') },
  cells: (level, now) => {
    const { spec } = level;
    const queuing = spec?.limited?.limitResponse?.queuing;
    const shares = spec?.limited?.nominalConcurrencyShares;
    return [nameOf(level), spec?.type ?? '', shares ?? '<none>', queuing?.queues ?? '<none>', queuing?.handSize ?? '<none>', queuing?.queueLengthLimit ?? '<none>', age(level, now)];
  },
};
