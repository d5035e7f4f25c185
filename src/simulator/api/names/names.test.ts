import { expect, test } from 'vitest';
import { recorded } from '../testdata/answers';
import { isCIdentifier, isConfigMapKey, isDns1035Label, isDns1123Label, isDns1123Subdomain, isEnvVarName, isHttpHeaderName, isQualifiedName, isValidLabelValue, isValidPortName, isWildcardDns1123Subdomain } from '.';

const rules = [isDns1123Label, isDns1123Subdomain, isDns1035Label, isQualifiedName, isValidLabelValue, isEnvVarName, isConfigMapKey, isValidPortName, isCIdentifier, isWildcardDns1123Subdomain, isHttpHeaderName];

test.each(recorded('names', 'names'))('%j', ([text = ''], answer) => {
  expect(rules.map((rule) => rule(text))).toEqual((answer.value as (string[] | null)[]).map((messages) => messages ?? []));
});
