import { fieldsAt, listAt, mapAt, textAt, type Fields } from '../fields';
import { writeContainers } from './containers';
import { writeSpread, writeTolerations } from './pod';
import { writeVolumes } from './volumes';
import { writeAnnotations, writeLabels, writeMapIndented, type Writer } from './writer';

/** `Pod Template:` as workloads show it. */
export function writePodTemplate(w: Writer, template: Fields | undefined): void {
  w.line(0, 'Pod Template:');
  if (!template) return w.line(1, '<unset>');
  writeLabels(w, template, 1);
  if (mapAt(template, 'metadata', 'annotations').length > 0) writeAnnotations(w, template, 1);
  const spec = fieldsAt(template, 'spec');
  if (textAt(spec, 'serviceAccountName') !== '') w.line(1, `Service Account:\t${textAt(spec, 'serviceAccountName')}`);
  const init = listAt(spec, 'initContainers');
  if (init.length > 0) writeContainers(w, 'Init Containers', init, [], undefined, true);
  writeContainers(w, 'Containers', listAt(spec, 'containers'), [], undefined, true);
  writeVolumes(w, listAt(spec, 'volumes'), true);
  writeSpread(w, listAt(spec, 'topologySpreadConstraints'), '  ');
  if (textAt(spec, 'priorityClassName') !== '') w.line(1, `Priority Class Name:\t${textAt(spec, 'priorityClassName')}`);
  writeMapIndented(w, 1, 'Node-Selectors:', '', mapAt(spec, 'nodeSelector'));
  writeTolerations(w, listAt(spec, 'tolerations'), '  ');
}
