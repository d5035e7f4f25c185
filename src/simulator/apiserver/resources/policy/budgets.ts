import type { PodDisruptionBudget, PodDisruptionBudgetSpec } from '../../../api';
import { type Errors, labelSelectorErrors } from '../../field';
import { checkAtMostAll, checkCount, checkIntOrPercent } from '../apps/template';
import { age, nameOf } from '../cells';
import type { ResourceDefinition } from '../definition';
import { checkConditions } from '../conditions';
import { internalView } from '../internal-view';
import { checkOneOf } from '../pod-spec';
import { collect, newWithCounts, specPath, statusPath, statusStrategy, updateSpec } from '../strategy';

function checkSpec(spec: PodDisruptionBudgetSpec, errors: Errors): void {
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy } = spec;
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    errors.invalid(specPath, internalView('io.k8s.api.policy.v1.PodDisruptionBudgetSpec', spec), 'minAvailable and maxUnavailable cannot be both set');
  }
  for (const [name, value] of [['minAvailable', minAvailable], ['maxUnavailable', maxUnavailable]] as const) {
    if (value === undefined) continue;
    checkIntOrPercent(value, specPath.child(name), errors);
    checkAtMostAll(value, specPath.child(name), errors);
  }
  labelSelectorErrors(selector, specPath.child('selector'), errors);
  if (unhealthyPodEvictionPolicy !== undefined) checkOneOf(unhealthyPodEvictionPolicy, ['AlwaysAllow', 'IfHealthyBudget'], specPath.child('unhealthyPodEvictionPolicy'), errors);
}

const counts = ['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'] as const;
const text = (value: number | string | undefined): string => (value === undefined ? 'N/A' : String(value));

/** PodDisruptionBudgets: how many Pods may be missing at once. */
export const poddisruptionbudgets: ResourceDefinition<PodDisruptionBudget> = {
  group: 'policy',
  resource: 'poddisruptionbudgets',
  prepareForCreate: newWithCounts(...counts),
  validateCreate: ({ spec }) => collect((errors) => checkSpec(spec ?? {}, errors)),
  prepareForUpdate: updateSpec,
  validateUpdate: ({ spec }) => collect((errors) => checkSpec(spec ?? {}, errors)),
  subresources: {
    status: statusStrategy<PodDisruptionBudget>(({ status }) =>
      collect((errors) => {
        checkConditions(status?.conditions, statusPath.child('conditions'), errors);
        for (const name of counts) checkCount(status?.[name], statusPath.child(name), errors);
      }),
    ),
  },
  allowUnconditionalUpdate: false,
  cells: (budget, now) => [nameOf(budget), text(budget.spec?.minAvailable), text(budget.spec?.maxUnavailable), budget.status?.disruptionsAllowed ?? 0, age(budget, now)],
};
