export { type Applied, type ApplyConflict, applyConfiguration, ConflictError, UntypableError, trackUpdate, type WriteIdentity } from './apply';
export { difference as fieldSetDifference, type FieldSet, fieldSetOf, fieldsOf, intersection as fieldSetIntersection, isEmptySet, pathsOf, pathText, union as fieldSetUnion } from './field-set';
export { identityKey, type ManagedSet, type ManagerIdentity, readManagers, writeManagers } from './managers';
export { lastAppliedAnnotation, upgradeManagedFields } from './last-applied';
export { TypedError } from './walk';
export { applyPolicyPatch } from './policy-patch';
