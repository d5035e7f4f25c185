import { expect, test } from 'vitest';
import { answerOf, recorded } from '../testdata/answers';
import { fieldSelectorText, matchesFields, matcherForNodeRequirements, matcherForSelector, parseFieldSelector, parseLabelSelector, selectorText } from '.';

test.each(recorded('selectors', 'labels'))('label selector %j', ([text = '', labels = ''], answer) => {
  expect(answerOf(() => {
    const matcher = parseLabelSelector(text);
    return [matcher.toString(), matcher.matches(JSON.parse(labels) as Record<string, string>)];
  })).toEqual(answer);
});

test.each(recorded('selectors', 'fields'))('field selector %j', ([text = ''], answer) => {
  expect(answerOf(() => fieldSelectorText(parseFieldSelector(text)))).toEqual(answer);
});

test('matches fields', () => {
  const requirements = parseFieldSelector('metadata.name=a,status.phase!=Running');
  expect(matchesFields(requirements, (field) => (field === 'metadata.name' ? 'a' : 'Pending'))).toBe(true);
  expect(matchesFields(requirements, (field) => (field === 'metadata.name' ? 'a' : 'Running'))).toBe(false);
});

test('a LabelSelector that is not there matches nothing, an empty one everything', () => {
  expect(matcherForSelector(undefined).matches({})).toBe(false);
  expect(matcherForSelector({}).matches({})).toBe(true);
  const selector = { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['b', 'a'] }] } as const;
  expect(matcherForSelector(selector).matches({ app: 'web' })).toBe(true);
  expect(matcherForSelector(selector).matches({ app: 'web', tier: 'a' })).toBe(false);
  expect(selectorText(selector)).toBe('app=web,tier notin (a,b)');
});

test("a node selector's terms compare numbers too", () => {
  expect(matcherForNodeRequirements([{ key: 'cores', operator: 'Gt', values: ['4'] }]).matches({ cores: '8' })).toBe(true);
});
