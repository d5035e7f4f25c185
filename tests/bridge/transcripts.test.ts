import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { checkTranscripts, isSlow, tableOf, transcriptNames } from './check-transcripts';

/** Those that match today: one a line. `npm run transcripts -- --update` writes it anew. */
const pinned = new Set(readFileSync(path.join(import.meta.dirname, 'matching.txt'), 'utf8').split('\n').filter((line) => line !== ''));

test('the real kubectl is told what Kubernetes tells it', { timeout: 600_000 }, async () => {
  const outcomes = await checkTranscripts(transcriptNames().filter((name) => !isSlow(name)));
  const news = outcomes.filter(({ name, differences }) => differences.length === 0 && !pinned.has(name)).map(({ name }) => name);
  process.stdout.write(`${tableOf(outcomes)}\n${news.length > 0 ? `now matching too, add to matching.txt:\n${news.join('\n')}\n` : ''}`);
  const lost = outcomes.filter(({ name, differences }) => differences.length > 0 && (pinned.has(name) || name.startsWith('defect/')));
  expect(lost.map(({ name, differences }) => [name, ...differences].join('\n')).join('\n')).toBe('');
});
