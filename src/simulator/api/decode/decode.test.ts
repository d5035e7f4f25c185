import { expect, test } from 'vitest';
import { typeForKind } from '../catalog';
import { parseJson } from '../json';
import { answerOf } from '../testdata/answers';
import { applySchemaDefaults, decodeJson, decodeValue, encodeJson } from '.';

const kinds = { Pod: ['', 'v1'], ConfigMap: ['', 'v1'], Service: ['', 'v1'], Deployment: ['apps', 'v1'] } as const;

function decode(kind: keyof typeof kinds, text: string) {
  const [group, version] = kinds[kind];
  const type = typeForKind({ group, version, kind });
  if (!type) throw new Error(kind);
  return { type, ...decodeJson(type, text) };
}

const pod = (rest: string) => `{"apiVersion":"v1","kind":"Pod",${rest}}`;

test.each([
  ['Pod', pod('"metadata":{"labels":{"a":1},"creationTimestamp":"x"}'), 'parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"'],
  ['Pod', pod('"metadata":{"name":1},"spec":{"containers":1}'), 'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type string'],
  ['Pod', pod('"metadata":[],"foo":1'), 'json: cannot unmarshal array into Go struct field Pod.metadata of type v1.ObjectMeta'],
  ['Pod', pod('"spec":{"containers":[{"resources":{"limits":{"cpu":true}}}]}'), "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
  ['Pod', pod('"metadata":{"generation":1e3}'), 'json: cannot unmarshal number 1e3 into Go struct field ObjectMeta.metadata.generation of type int64'],
  ['Pod', pod('"spec":{"containers":[1]}'), 'json: cannot unmarshal number into Go struct field PodSpec.spec.containers of type v1.Container'],
  ['Pod', pod('"metadata":{"ownerReferences":[{"controller":"x"}]}'), 'json: cannot unmarshal string into Go struct field OwnerReference.metadata.ownerReferences.controller of type bool'],
  ['Pod', pod('"metadata":{"creationTimestamp":1}'), 'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.creationTimestamp of type string'],
  ['Service', '{"spec":{"ports":[{"port":80,"targetPort":1.5}]}}', 'json: cannot unmarshal number 1.5 into Go struct field ServicePort.spec.ports.targetPort of type int32'],
  ['Service', '{"spec":{"ports":[{"port":-99999999999}]}}', 'json: cannot unmarshal number -99999999999 into Go struct field ServicePort.spec.ports.port of type int32'],
  ['ConfigMap', '{"binaryData":{"a":1}}', 'json: cannot unmarshal number into Go struct field ConfigMap.binaryData of type []uint8'],
  ['ConfigMap', '{"binaryData":{"a":"not base64!"}}', 'illegal base64 data at input byte 3'],
  ['ConfigMap', '{"binaryData":{"a":"YQ"}}', 'illegal base64 data at input byte 0'],
  ['Deployment', '{"spec":{"strategy":"Recreate"}}', 'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.strategy of type v1.DeploymentStrategy'],
  ['Deployment', '{"spec":{"template":{"spec":{"volumes":[{"name":"v","emptydir":{},"configMap":1}]}}}}', 'json: cannot unmarshal number into Go struct field Volume.spec.template.spec.volumes.VolumeSource.configMap of type v1.ConfigMapVolumeSource'],
  ['Deployment', '{"spec":{"selector":{"matchLabels":[]}}}', 'json: cannot unmarshal array into Go struct field LabelSelector.spec.selector.matchLabels of type map[string]string'],
] as const)('%s %s is refused as by the real one', (kind, text, error) => {
  expect(answerOf(() => decode(kind, text).object)).toEqual({ error });
});

test.each([
  ['{"a":1} x', "invalid character 'x' after top-level value"],
  ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
  ['{"a":"', 'unexpected end of JSON input'],
  ['', 'unexpected end of JSON input'],
  ['{"a":"b\tc"}', "invalid character '\\t' in string literal"],
  ['{"a":"\\q"}', "invalid character 'q' in string escape code"],
  ["{'a':1}", "invalid character '\\'' looking for beginning of object key string"],
  ['{"a":01}', "invalid character '1' after object key:value pair"],
  ['{"a":tru}', "invalid character '}' in literal true (expecting 'e')"],
  ['{"a" "b"}', "invalid character '\"' after object key"],
  ['nonsense', "invalid character 'o' in literal null (expecting 'u')"],
])('%s is not JSON', (text, error) => {
  expect(answerOf(() => parseJson(text))).toEqual({ error });
});

test('unknown and duplicate fields are listed in the order of the text', () => {
  expect(decode('Pod', pod('"unk":{"a":1,"a":2},"unk":1,"metadata":{"name":"a","name":"b"},"metadata":{}')).strictErrors)
    .toEqual(['unknown field "unk"', 'duplicate field "metadata.name"', 'duplicate field "metadata"']);
  expect(decode('Pod', '{"kind":"Pod","kind":"Pod","spec":{"containers":[{"name":"a","name":"b","resources":{"limits":{"cpu":1,"cpu":2}},"imagePullpolicy":"x"}]}}').strictErrors)
    .toEqual(['duplicate field "kind"', 'duplicate field "spec.containers[0].name"', 'duplicate field "spec.containers[0].resources.limits.cpu"', 'unknown field "spec.containers[0].imagePullpolicy"']);
});

test('an object comes out as Go would write it', () => {
  const { type, object } = decode('Pod', '{"spec":{"containers":[{"image":"nginx","name":"a","resources":{"limits":{"memory":"1024Mi","cpu":0.5}},"env":null,"ports":[{"containerPort":80,"hostPort":0}]}]},"kind":"Pod","apiVersion":"v1","metadata":{"name":"x","labels":{"b":null,"10":"x","9":"y"}}}');
  expect(encodeJson(type, object)).toBe('{"kind":"Pod","apiVersion":"v1","metadata":{"name":"x","labels":{"10":"x","9":"y","b":""}},"spec":{"containers":[{"name":"a","image":"nginx","ports":[{"containerPort":80}],"resources":{"limits":{"cpu":"500m","memory":"1Gi"}}}]},"status":{}}');
  applySchemaDefaults(type, object);
  expect(encodeJson(type, object)).toContain('"ports":[{"containerPort":80,"protocol":"TCP"}]');
});

test('empty optional lists and maps can be kept for those who check, and an empty map is told from an empty struct', () => {
  const type = typeForKind({ group: '', version: 'v1', kind: 'Pod' });
  if (!type) throw new Error('no Pod');
  const value = { metadata: { labels: {}, name: 'x' }, spec: { containers: [], tolerations: [], volumes: [{ name: 'v', emptyDir: {} }], hostAliases: null } };
  const kept = decodeValue(type, value, undefined, true);
  expect(kept.empties).toBe(true);
  expect(kept.object['spec']).toEqual({ containers: [], tolerations: [], volumes: [{ name: 'v', emptyDir: {} }] });
  const { labels } = kept.object['metadata'] as { labels: object };
  const { volumes } = kept.object['spec'] as { volumes: [{ emptyDir: object }] };
  expect([labels, volumes[0].emptyDir].map((empty) => Object.getPrototypeOf(empty) === null)).toEqual([true, false]);
  const written = decodeValue(type, value);
  expect(written.empties).toBe(false);
  expect(written.object['metadata']).toEqual({ name: 'x' });
  expect(written.object['spec']).toEqual({ containers: [], volumes: [{ name: 'v', emptyDir: {} }] });
});
