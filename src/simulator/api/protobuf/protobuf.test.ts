import { expect, test } from 'vitest';
import { resourceForKind } from '../catalog';
import { base64Decode, decodeJson, decodeValue } from '../decode';
import { parseApiVersion } from '../object';
import { recorded } from '../testdata/answers';
import { decodeProtobuf, encodeProtobuf, openEnvelope } from '.';

test.each(recorded('protobuf', 'protobuf'))('%s survives the way through the real encoder and through ours', ([text = ''], answer) => {
  const real = openEnvelope(base64Decode(answer.value as string));
  const type = resourceForKind({ ...parseApiVersion(real.apiVersion), kind: real.kind })?.type;
  if (!type) throw new Error(real.kind);
  const wanted = decodeJson(type, text).object;
  expect(decodeValue(type, decodeProtobuf(type, real)).object).toEqual(wanted);
  expect(decodeValue(type, decodeProtobuf(type, openEnvelope(encodeProtobuf(type, wanted)))).object).toEqual(wanted);
});
