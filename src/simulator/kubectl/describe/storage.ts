import { resourcePath } from '../api/mapper';
import { at, fieldsAt, isFields, listAt, mapAt, nameOf, namespaceOf, textAt, textsAt, type Fields } from '../fields';
import { podMapping } from '../pods/of-target';
import type { Describer } from './describer';
import { accessModes, writeVolumeSource } from './volumes';
import { shownTime, writeAnnotations, writeLabels, Writer } from './writer';

const betaClass = 'volume.beta.kubernetes.io/storage-class';
const className = (object: Fields): string => textAt(object, 'metadata', 'annotations', betaClass) || textAt(object, 'spec', 'storageClassName');

/** `Terminating (lasts …)` is for pods alone; claims and volumes show their phase. */
const statusText = (object: Fields): string => (textAt(object, 'metadata', 'deletionTimestamp') === '' ? textAt(object, 'status', 'phase') : `Terminating (lasts <invalid>)`);

/** kubectl describe persistentvolumeclaim */
export const describeClaim: Describer = function* (context, claim) {
  const w = new Writer();
  const line = (key: string, value: string) => w.line(0, `${key}:\t${value}`);
  line('Name', nameOf(claim));
  line('Namespace', namespaceOf(claim));
  line('StorageClass', className(claim));
  line('Status', statusText(claim));
  line('Volume', textAt(claim, 'spec', 'volumeName'));
  writeLabels(w, claim);
  writeAnnotations(w, claim);
  line('Finalizers', `[${textsAt(claim, 'metadata', 'finalizers').join(' ')}]`);
  const bound = textAt(claim, 'spec', 'volumeName') !== '';
  line('Capacity', bound ? textAt(claim, 'status', 'capacity', 'storage') : '');
  line('Access Modes', bound ? accessModes(at(claim, 'status', 'accessModes')) : '');
  if (textAt(claim, 'spec', 'volumeMode') !== '') line('VolumeMode', textAt(claim, 'spec', 'volumeMode'));
  const source = fieldsAt(claim, 'spec', 'dataSource');
  if (source) {
    w.line(0, 'DataSource:');
    if (textAt(source, 'apiGroup') !== '') w.line(1, `APIGroup:\t${textAt(source, 'apiGroup')}`);
    w.line(1, `Kind:\t${textAt(source, 'kind')}`);
    w.line(1, `Name:\t${textAt(source, 'name')}`);
  }
  const pods = listAt(yield* context.session.rest.get(resourcePath(podMapping, namespaceOf(claim))), 'items');
  const users = pods.filter((pod) => listAt(pod, 'spec', 'volumes').some((volume) => textAt(volume, 'persistentVolumeClaim', 'claimName') === nameOf(claim) || (fieldsAt(volume, 'ephemeral') !== undefined && `${nameOf(pod)}-${textAt(volume, 'name')}` === nameOf(claim))));
  line('Used By', users.map(nameOf).join('\n\t') || '<none>');
  const conditions = listAt(claim, 'status', 'conditions');
  if (conditions.length > 0) {
    w.line(0, 'Conditions:');
    w.line(1, 'Type\tStatus\tLastProbeTime\tLastTransitionTime\tReason\tMessage');
    w.line(1, '----\t------\t-----------------\t------------------\t------\t-------');
    for (const one of conditions) w.line(1, `${textAt(one, 'type')} \t${textAt(one, 'status')} \t${shownTime(textAt(one, 'lastProbeTime')) || 'Mon, 01 Jan 0001 00:00:00 +0000'} \t${shownTime(textAt(one, 'lastTransitionTime'))} \t${textAt(one, 'reason')} \t${textAt(one, 'message')}`);
  }
  return w;
};

/** kubectl describe persistentvolume */
export const describeVolume: Describer = function* (_context, volume) {
  const w = new Writer();
  const line = (key: string, value: string) => w.line(0, `${key}:\t${value}`);
  const spec = fieldsAt(volume, 'spec') ?? {};
  line('Name', nameOf(volume));
  writeLabels(w, volume);
  writeAnnotations(w, volume);
  line('Finalizers', `[${textsAt(volume, 'metadata', 'finalizers').join(' ')}]`);
  line('StorageClass', className(volume));
  line('Status', statusText(volume));
  const claim = fieldsAt(spec, 'claimRef');
  line('Claim', claim ? `${textAt(claim, 'namespace')}/${textAt(claim, 'name')}` : '');
  line('Reclaim Policy', textAt(spec, 'persistentVolumeReclaimPolicy'));
  line('Access Modes', accessModes(spec['accessModes']));
  if (textAt(spec, 'volumeMode') !== '') line('VolumeMode', textAt(spec, 'volumeMode'));
  line('Capacity', textAt(spec, 'capacity', 'storage'));
  writeAffinity(w, listAt(spec, 'nodeAffinity', 'required', 'nodeSelectorTerms'), fieldsAt(spec, 'nodeAffinity') !== undefined);
  line('Message', textAt(volume, 'status', 'message'));
  w.line(0, 'Source:');
  writeVolumeSource(w, Object.fromEntries(Object.entries(spec).filter(([key, value]) => isFields(value) && !['claimRef', 'capacity', 'nodeAffinity'].includes(key))), '    ');
  return w;
};

function writeAffinity(w: Writer, terms: readonly Fields[], present: boolean): void {
  if (!present) return w.line(0, 'Node Affinity:\t<none>');
  w.line(0, 'Node Affinity:\t');
  if (terms.length === 0) return w.line(1, 'Required Terms:\t<none>');
  w.line(1, 'Required Terms:\t');
  terms.forEach((term, index) => {
    const expressions = listAt(term, 'matchExpressions');
    w.write(2, `Term ${index}:\t`);
    if (expressions.length === 0) return w.line(0, '<none>');
    expressions.forEach((expression, position) => {
      if (position > 0) w.write(2, '\t');
      const operator = textAt(expression, 'operator');
      const values = textsAt(expression, 'values');
      w.line(0, `${textAt(expression, 'key')} ${operator.toLowerCase()}${values.length > 0 ? ` [${values.join(', ')}]` : ''}`);
    });
  });
}

/** kubectl describe storageclass */
export const describeStorageClass: Describer = function* (_context, object) {
  const w = new Writer();
  const line = (key: string, value: string) => w.line(0, `${key}:\t${value}`);
  const annotations = mapAt(object, 'metadata', 'annotations');
  const isDefault = annotations.some(([key, value]) => /^storageclass\.(beta\.)?kubernetes\.io\/is-default-class$/.test(key) && value === 'true');
  line('Name', nameOf(object));
  line('IsDefaultClass', isDefault ? 'Yes' : 'No');
  line('Annotations', annotations.map(([key, value]) => `${key}=${value}`).join(',') || '<none>');
  line('Provisioner', textAt(object, 'provisioner'));
  line('Parameters', mapAt(object, 'parameters').map(([key, value]) => `${key}=${value}`).join(',') || '<none>');
  line('AllowVolumeExpansion', at(object, 'allowVolumeExpansion') === undefined ? '<unset>' : at(object, 'allowVolumeExpansion') === true ? 'True' : 'False');
  const options = textsAt(object, 'mountOptions');
  if (options.length === 0) line('MountOptions', '<none>');
  else {
    w.line(0, 'MountOptions:');
    for (const option of options) w.line(1, option);
  }
  if (textAt(object, 'reclaimPolicy') !== '') line('ReclaimPolicy', textAt(object, 'reclaimPolicy'));
  if (textAt(object, 'volumeBindingMode') !== '') line('VolumeBindingMode', textAt(object, 'volumeBindingMode'));
  const topologies = listAt(object, 'allowedTopologies');
  if (topologies.length > 0) {
    w.line(0, 'AllowedTopologies:');
    topologies.forEach((term, index) => {
      w.write(1, `Term ${index}:\t`);
      listAt(term, 'matchLabelExpressions').forEach((one, position) => w.line(0, `${position > 0 ? '  \t' : ''}${textAt(one, 'key')} in [${textsAt(one, 'values').join(', ')}]`));
    });
  }
  return w;
};

/** kubectl describe csinode */
export const describeCsiNode: Describer = function* (_context, object) {
  const w = new Writer();
  w.line(0, `Name:\t${nameOf(object)}`);
  writeLabels(w, object);
  writeAnnotations(w, object);
  w.line(0, `CreationTimestamp:\t${shownTime(textAt(object, 'metadata', 'creationTimestamp'))}`);
  w.line(0, 'Spec:');
  const drivers = listAt(object, 'spec', 'drivers');
  if (drivers.length > 0) w.line(1, 'Drivers:');
  for (const driver of drivers) {
    w.line(2, `${textAt(driver, 'name')}:`);
    w.line(3, `Node ID:\t${textAt(driver, 'nodeID')}`);
    if (textAt(driver, 'allocatable', 'count') !== '') {
      w.line(3, 'Allocatables:');
      w.line(4, `Count:\t${textAt(driver, 'allocatable', 'count')}`);
    }
    if (textsAt(driver, 'topologyKeys').length > 0) w.line(3, `Topology Keys:\t[${textsAt(driver, 'topologyKeys').join(' ')}]`);
  }
  return w;
};
