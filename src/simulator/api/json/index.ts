export { type DuplicateKey, JsonError, NumberText, parseJson, type ParsedJson, plainJson } from './parse';
