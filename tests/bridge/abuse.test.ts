import { expect, test } from 'vitest';
import { abuse } from '../../src/cli/abuse';

test('a server that is abused for a while neither fails nor leaks, and honest watchers miss nothing', { timeout: 120_000 }, async () => {
  const lines: string[] = [];
  const complaints = await abuse({ seconds: 12, seed: 7, tell: (line) => void lines.push(line) });
  expect(complaints, lines.join('\n')).toEqual([]);
});
