export { compileJsonPath, type JsonPath, type JsonPathOptions } from './evaluate';
export { JsonPathError } from './parse';
