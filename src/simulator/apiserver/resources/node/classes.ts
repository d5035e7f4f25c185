import { isDns1123Label, type RuntimeClass, type Toleration } from '../../../api';
import { type Errors, fieldPath, labelErrors } from '../../field';
import { age, nameOf } from '../cells';
import type { ResourceDefinition } from '../definition';
import { internalView } from '../internal-view';
import { checkResources, checkTolerations } from '../pod-spec';
import { checkImmutable, collect } from '../strategy';

const handlerPath = fieldPath('handler');

/** Whether two tolerations tolerate the same, however long. */
const sameToleration = (one: Toleration, other: Toleration): boolean => (['key', 'operator', 'value', 'effect'] as const).every((field) => (one[field] ?? '') === (other[field] ?? ''));

function check({ handler, overhead, scheduling }: RuntimeClass, errors: Errors): void {
  if (handler === '') errors.required(handlerPath);
  else errors.invalidEach(handlerPath, handler, isDns1123Label(handler));
  if (overhead?.podFixed) checkResources({ limits: overhead.podFixed }, fieldPath('overhead'), { claims: new Set(), podLevel: false }, errors);
  if (!scheduling) return;
  const path = fieldPath('scheduling');
  if (scheduling.nodeSelector) labelErrors(scheduling.nodeSelector, path.child('nodeSelector'), errors);
  const tolerations = scheduling.tolerations ?? [];
  checkTolerations(tolerations, path.child('tolerations'), errors);
  for (const [index, toleration] of tolerations.entries()) {
    if (tolerations.findIndex((other) => sameToleration(other, toleration)) < index) errors.duplicate(path.child('tolerations').index(index), internalView('io.k8s.api.core.v1.Toleration', toleration));
  }
}

/** RuntimeClasses: how containers are run. */
export const runtimeclasses: ResourceDefinition<RuntimeClass> = {
  group: 'node.k8s.io',
  resource: 'runtimeclasses',
  validateCreate: (own) => collect((errors) => check(own, errors)),
  validateUpdate: (own, old) =>
    collect((errors) => {
      check(own, errors);
      checkImmutable(own.handler, old.handler, handlerPath, errors);
    }),
  cells: (own, now) => [nameOf(own), own.handler, age(own, now)],
};
