// Rewrites files of recorded answers: each line is [[FUNCTION, ARGUMENT…], ANSWER]; a line with only the question gets its answer.
//   go build -o ask ./ask && node ask/record.mjs ./ask FILE…
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const [program, ...files] = process.argv.slice(2);
for (const file of files) {
  const questions = readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line)[0]);
  const { stdout } = spawnSync(program, { input: questions.map((question) => JSON.stringify(question)).join('\n'), timeout: 60_000, maxBuffer: 1 << 26 });
  const answers = stdout.toString().trim().split('\n');
  writeFileSync(file, questions.map((question, i) => `[${JSON.stringify(question)}, ${answers[i]}]\n`).join(''));
}
