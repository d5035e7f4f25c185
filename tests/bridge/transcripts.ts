// npm run transcripts [-- --update] [--quiet] [FOLDER…]: the real kubectl against the simulator, every transcript, and a table by folder.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { checkTranscripts, tableOf, transcriptNames } from './check-transcripts';

const args = process.argv.slice(2);
const folders = args.filter((arg) => !arg.startsWith('--'));
const outcomes = await checkTranscripts(transcriptNames(folders.length > 0 ? folders : undefined), ({ name, differences }) => {
  if (differences.length > 0 && !args.includes('--quiet')) process.stdout.write(`${name}\n${differences.join('\n')}\n`);
});
const slowest = [...outcomes].sort((one, other) => other.seconds - one.seconds).slice(0, 10);
process.stdout.write(`\nslowest: ${slowest.map(({ name, seconds }) => `${name} ${Math.round(seconds)} s`).join(', ')}\n\n${tableOf(outcomes)}\n`);
if (args.includes('--update')) {
  const file = path.join(import.meta.dirname, 'matching.txt');
  const seen = new Set(outcomes.map(({ name }) => name));
  const kept = readFileSync(file, 'utf8').split('\n').filter((name) => name !== '' && !seen.has(name));
  const matching = outcomes.filter(({ differences }) => differences.length === 0).map(({ name }) => name);
  writeFileSync(file, [...kept, ...matching].sort().map((name) => `${name}\n`).join(''));
}
process.exitCode = outcomes.every(({ differences }) => differences.length === 0) ? 0 : 1;
