import { byteLength, type ConfigMap, isConfigMapKey } from '../../../../api';
import { type Errors, fieldPath } from '../../../field';
import { age, nameOf } from '../../cells';
import type { ResourceDefinition } from '../../definition';
import { sameValue } from '../../equality';
import { collect } from '../../strategy';

const limit = 1024 * 1024;
const dataPath = fieldPath('data');
const binaryPath = fieldPath('binaryData');
const immutablePath = fieldPath('immutable');

/** Bytes that a base64 text stands for. */
export const base64Size = (text: string): number => Math.floor((text.replace(/=+$/, '').length * 3) / 4);

function checkConfigMap({ data, binaryData }: ConfigMap, errors: Errors): void {
  let size = 0;
  for (const key in data) {
    errors.invalidEach(dataPath.index(key), key, isConfigMapKey(key));
    if (binaryData?.[key] !== undefined) errors.invalid(dataPath.index(key), key, 'duplicate of key present in binaryData');
    size += byteLength(data[key] ?? '');
  }
  for (const key in binaryData) {
    errors.invalidEach(binaryPath.index(key), key, isConfigMapKey(key));
    size += base64Size(binaryData[key] ?? '');
  }
  if (size > limit) errors.tooLong(fieldPath(''), limit);
}

/** ConfigMaps: settings as files and variables. */
export const configmaps: ResourceDefinition<ConfigMap> = {
  group: '',
  resource: 'configmaps',
  validateCreate: (config) => collect((errors) => checkConfigMap(config, errors)),
  validateWhole: (config) => collect((errors) => checkConfigMap(config, errors)),
  validateUpdate: (config, old) =>
    collect((errors) => {
      if (old.immutable) {
        if (!config.immutable) errors.forbidden(immutablePath, 'field is immutable when `immutable` is set');
        if (!sameValue(config.data, old.data)) errors.forbidden(dataPath, 'field is immutable when `immutable` is set');
        if (!sameValue(config.binaryData, old.binaryData)) errors.forbidden(binaryPath, 'field is immutable when `immutable` is set');
      }
    }),
  cells: (config, now) => [nameOf(config), Object.keys(config.data ?? {}).length + Object.keys(config.binaryData ?? {}).length, age(config, now)],
};
