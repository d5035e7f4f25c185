import { type EnvFromSource, type EnvVar, type EnvVarSource, type FileKeySelector, isConfigMapKey, isDns1123Subdomain, isRelaxedEnvVarName, type PodSpec } from '../../../api';
import type { Errors, Path } from '../../field';
import { checkFieldRef, checkResourceFieldRef } from './field-refs';
import { checkPathWithoutBacksteps, type PodScope } from './scope';

const envFields = ['metadata.name', 'metadata.namespace', 'metadata.uid', 'spec.nodeName', 'spec.serviceAccountName', 'status.hostIP', 'status.hostIPs', 'status.podIP', 'status.podIPs'];

/** Checks a container's environment variables. */
export function checkEnv(variables: readonly EnvVar[], path: Path, scope: PodScope): void {
  const { errors } = scope;
  for (const [index, { name, value, valueFrom }] of variables.entries()) {
    if (name === '') errors.required(path.index(index).child('name'));
    else {
      const reasons = isRelaxedEnvVarName(name);
      if (reasons.length > 0) errors.invalidEach(path.index(index).child('name'), name, reasons);
    }
    if (valueFrom !== undefined) checkSource(valueFrom, (value ?? '') !== '', path.index(index).child('valueFrom'), scope);
  }
}

function checkSource(source: EnvVarSource, hasValue: boolean, path: Path, scope: PodScope): void {
  const { errors } = scope;
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = source;
  if (fieldRef) checkFieldRef(fieldRef, envFields, path.child('fieldRef'), errors);
  if (resourceFieldRef) checkResourceFieldRef(resourceFieldRef, false, path.child('resourceFieldRef'), errors);
  if (configMapKeyRef) checkKeyRef(configMapKeyRef, path.child('configMapKeyRef'), errors);
  if (secretKeyRef) checkKeyRef(secretKeyRef, path.child('secretKeyRef'), errors);
  if (fileKeyRef) checkFileRef(fileKeyRef, path.child('fileKeyRef'), scope);
  const count = [fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef].filter((one) => one !== undefined).length;
  if (count === 0) errors.invalid(path, '', 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`');
  else if (hasValue) errors.invalid(path, '', 'may not be specified when `value` is not empty');
  else if (count > 1) errors.invalid(path, '', 'may not have more than one field specified at a time');
}

function checkKeyRef({ name = '', key }: { readonly name?: string; readonly key: string }, path: Path, errors: Errors): void {
  errors.invalidEach(path.child('name'), name, isDns1123Subdomain(name));
  if (key === '') errors.required(path.child('key'));
  else errors.invalidEach(path.child('key'), key, isConfigMapKey(key));
}

function checkFileRef({ key, volumeName, path: file }: FileKeySelector, path: Path, { errors }: PodScope): void {
  if (key === '') errors.required(path.child('key'));
  else errors.invalidEach(path.child('key'), key, isRelaxedEnvVarName(key));
  if (volumeName === '') errors.required(path.child('volumeName'));
  if (file === '') errors.required(path.child('path'));
  else checkPathWithoutBacksteps(file, path.child('path'), errors);
}

/** Checks that the files of environments are in volumes that there are. */
export function checkFileVolumes(spec: PodSpec, path: Path, { errors, volumes }: PodScope): void {
  for (const list of ['initContainers', 'containers', 'ephemeralContainers'] as const) {
    for (const [index, { env }] of (spec[list] ?? []).entries()) {
      for (const [at, { valueFrom }] of (env ?? []).entries()) {
        const name = valueFrom?.fileKeyRef?.volumeName;
        if (name !== undefined && !volumes.has(name)) errors.notFound(path.child(list).index(index).child('env').index(at).child('valueFrom').child('fileKeyRef').child('volumeName'), name);
      }
    }
  }
}

/** Checks the sources of whole environments. */
export function checkEnvFrom(sources: readonly EnvFromSource[], path: Path, errors: Errors): void {
  for (const [index, { prefix = '', configMapRef, secretRef }] of sources.entries()) {
    const at = path.index(index);
    if (prefix !== '') errors.invalidEach(at.child('prefix'), prefix, isRelaxedEnvVarName(prefix));
    if (configMapRef) checkSourceName(configMapRef.name, at.child('configMapRef'), errors);
    if (secretRef) checkSourceName(secretRef.name, at.child('secretRef'), errors);
    if (configMapRef && secretRef) errors.invalid(path, '', 'may not have more than one field specified at a time');
    else if (!configMapRef && !secretRef) errors.invalid(path, '', 'must specify one of: `configMapRef` or `secretRef`');
  }
}

function checkSourceName(name = '', path: Path, errors: Errors): void {
  if (name === '') errors.required(path.child('name'));
  else errors.invalidEach(path.child('name'), name, isDns1123Subdomain(name));
}
