export { assertNoConflict, createThreeWayPatch, createTwoWayPatch } from './diff';
export { equalJson, FailedTestError, goValue, isJsonObject, type JsonObject, PatchError } from './equal';
export { applyJsonPatch } from './json-patch';
export { applyMergePatch, createMergePatch } from './merge-patch';
export { afterUse, applyStrategicPatch } from './strategic';
