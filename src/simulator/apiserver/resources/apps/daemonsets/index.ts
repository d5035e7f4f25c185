import { type DaemonSet, type DaemonSetSpec, type DaemonSetStatus } from '../../../../api';
import { type Errors, labelSelectorErrors } from '../../../field';
import { age, containerCells, labelsText, nameOf, selectorCell } from '../../cells';
import type { Draft, ResourceDefinition } from '../../definition';
import { sameValue } from '../../equality';
import { internalView, selectorView } from '../../internal-view';
import { checkImmutable, collect, newWithCounts, specPath, statusPath, statusStrategy, updateSpec } from '../../strategy';
import { bareNumber, checkAtMostAll, checkCount, checkIntOrPercent, checkTemplate, defaultTemplate } from '../template';

function applyDefaults(draft: Draft): void {
  const spec = (draft['spec'] ??= {}) as Record<string, unknown>;
  defaultTemplate(spec);
  const annotations = (draft.metadata['annotations'] ?? {}) as Record<string, string>;
  if (annotations[templateGeneration] === undefined) noteTemplateGeneration(draft, 0);
  const strategy = (spec['updateStrategy'] ??= {}) as Record<string, unknown>;
  if ((strategy['type'] ?? '') === '') strategy['type'] = 'RollingUpdate';
  if (strategy['type'] === 'RollingUpdate') {
    const rolling = (strategy['rollingUpdate'] ??= {}) as Record<string, unknown>;
    rolling['maxUnavailable'] ??= 1;
    rolling['maxSurge'] ??= 0;
  }
  const unused = strategy['rollingUpdate'] as Record<string, unknown> | undefined;
  if (unused) for (const name of ['maxUnavailable', 'maxSurge']) unused[name] ??= 0;
  spec['revisionHistoryLimit'] ??= 10;
}

const templateGeneration = 'deprecated.daemonset.template.generation';

/** The generation of the template is kept in an annotation, as it was when it was a field. */
function noteTemplateGeneration(draft: Draft, generation: number): void {
  draft.metadata['annotations'] = { ...(draft.metadata['annotations'] as object | undefined), [templateGeneration]: String(generation) };
}

function checkStrategy({ updateStrategy = {} }: DaemonSetSpec, errors: Errors): void {
  const path = specPath.child('updateStrategy');
  if (updateStrategy.type === 'OnDelete') return;
  if (updateStrategy.type !== 'RollingUpdate') return errors.notSupported(path, internalView('io.k8s.api.apps.v1.DaemonSetUpdateStrategy', updateStrategy), ['RollingUpdate', 'OnDelete']);
  const at = path.child('rollingUpdate');
  if (!updateStrategy.rollingUpdate) return errors.required(at);
  const { maxUnavailable = 0, maxSurge = 0 } = updateStrategy.rollingUpdate;
  checkIntOrPercent(maxUnavailable, at.child('maxUnavailable'), errors);
  checkAtMostAll(maxUnavailable, at.child('maxUnavailable'), errors);
  checkIntOrPercent(maxSurge, at.child('maxSurge'), errors);
  checkAtMostAll(maxSurge, at.child('maxSurge'), errors);
  const hasUnavailable = bareNumber(maxUnavailable) !== 0 || (typeof maxUnavailable === 'string' && !/^0+%$/.test(maxUnavailable));
  const hasSurge = bareNumber(maxSurge) !== 0;
  if (hasUnavailable && hasSurge) errors.invalid(at.child('maxSurge'), maxSurge, 'may not be set when maxUnavailable is non-zero');
  else if (!hasUnavailable && !hasSurge) errors.required(at.child('maxUnavailable'), 'cannot be 0 when maxSurge is 0');
}

const isEmpty = (selector: DaemonSetSpec['selector']): boolean => Object.keys(selector.matchLabels ?? {}).length === 0 && (selector.matchExpressions ?? []).length === 0;

function checkSpec(spec: DaemonSetSpec, errors: Errors): void {
  labelSelectorErrors(spec.selector, specPath.child('selector'), errors);
  if (spec.selector && isEmpty(spec.selector)) errors.invalid(specPath.child('selector'), selectorView(spec.selector), 'empty selector is invalid for daemonset');
  checkTemplate(spec.selector, spec.template, specPath.child('template'), errors, 'DaemonSet');
  checkCount(spec.minReadySeconds, specPath.child('minReadySeconds'), errors);
  checkStrategy(spec, errors);
  if (spec.revisionHistoryLimit !== undefined) checkCount(spec.revisionHistoryLimit, specPath.child('revisionHistoryLimit'), errors);
}

const counts = ['currentNumberScheduled', 'numberMisscheduled', 'desiredNumberScheduled', 'numberReady'] as const;

function checkStatus(status: DaemonSetStatus, errors: Errors): void {
  for (const name of [...counts, 'observedGeneration', 'updatedNumberScheduled', 'numberAvailable', 'numberUnavailable', 'collisionCount'] as const) checkCount(status[name], statusPath.child(name), errors);
}

/** DaemonSets: one Pod a node. */
export const daemonsets: ResourceDefinition<DaemonSet> = {
  group: 'apps',
  resource: 'daemonsets',
  applyDefaults,
  defaultsSpecAlone: true,
  prepareForCreate: (draft) => {
    newWithCounts(...counts)(draft);
    noteTemplateGeneration(draft, 1);
  },
  validateCreate: ({ spec }) => collect((errors) => checkSpec(spec as DaemonSetSpec, errors)),
  prepareForUpdate: (draft, old) => {
    updateSpec(draft, old);
    const before = Number(old.metadata?.annotations?.[templateGeneration] ?? 0);
    noteTemplateGeneration(draft, sameValue((draft['spec'] as DaemonSetSpec).template, old.spec?.template) ? before : before + 1);
  },
  validateUpdate: ({ spec }, old) =>
    collect((errors) => {
      checkImmutable(spec?.selector, old.spec?.selector, specPath.child('selector'), errors, selectorView(spec?.selector));
      checkSpec(spec as DaemonSetSpec, errors);
    }),
  subresources: { status: statusStrategy<DaemonSet>(({ status }) => collect((errors) => checkStatus(status as DaemonSetStatus, errors))) },
  cells: (set, now) => {
    const { spec, status } = set;
    const [names, images] = containerCells(spec?.template.spec?.containers);
    return [
      nameOf(set), status?.desiredNumberScheduled ?? 0, status?.currentNumberScheduled ?? 0, status?.numberReady ?? 0, status?.updatedNumberScheduled ?? 0, status?.numberAvailable ?? 0,
      labelsText(spec?.template.spec?.nodeSelector), age(set, now), names, images, selectorCell(spec?.selector),
    ];
  },
};
