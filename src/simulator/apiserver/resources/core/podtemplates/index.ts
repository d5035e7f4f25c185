import type { PodTemplate } from '../../../../api';
import { fieldPath } from '../../../field';
import { containerCells, labelsText, nameOf } from '../../cells';
import { defaultTemplate } from '../../apps/template';
import type { ResourceDefinition } from '../../definition';
import { checkPodTemplate } from '../../pod-spec';
import { templateWarnings } from '../../pod-spec/warnings';
import { bumpGeneration, collect } from '../../strategy';

const validate = ({ template }: PodTemplate) => collect((errors) => checkPodTemplate(template ?? {}, fieldPath('template'), errors));

/** PodTemplates: a template on its own. */
export const podtemplates: ResourceDefinition<PodTemplate> = {
  group: '',
  resource: 'podtemplates',
  applyDefaults: (draft) => defaultTemplate(draft),
  prepareForCreate: (draft) => void (draft.metadata['generation'] = 1),
  validateCreate: validate,
  prepareForUpdate: (draft, old) => bumpGeneration(draft, old, 'template'),
  validateUpdate: validate,
  warnings: (own, old) => templateWarnings(own, own.template, old, 'template'),
  cells: (own) => [nameOf(own), ...containerCells(own.template?.spec?.containers), labelsText(own.template?.metadata?.labels)],
};
