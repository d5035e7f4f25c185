import { bench } from 'vitest';
import { typeForKind } from '../catalog';
import { decodeJson, decodeValue, encodeJson } from '.';

const type = typeForKind({ group: '', version: 'v1', kind: 'Pod' });
const text = '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web","labels":{"app":"web"}},"spec":{"containers":[{"name":"app","image":"nginx:1.29","ports":[{"containerPort":80}],"resources":{"requests":{"cpu":"100m","memory":"64Mi"}}}]}}';
const value: unknown = JSON.parse(text);

bench('decode a small Pod from a value', () => void (type && decodeValue(type, value)));
bench('decode a small Pod from text', () => void (type && decodeJson(type, text)));
bench('encode a small Pod', () => void (type && encodeJson(type, value as object)));
