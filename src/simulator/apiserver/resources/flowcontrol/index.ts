export { prioritylevelconfigurations } from './levels';
export { flowschemas } from './schemas';
