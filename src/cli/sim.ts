import process from 'node:process';
import { parseArgs } from 'node:util';
import { simulate } from './simulation';

/** npm run sim -- --seed N [--count N] */
export async function simCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { seed: { type: 'string', default: '1' }, count: { type: 'string', default: '1' } } });
  const first = Number(values.seed);
  let wrong = 0;
  for (let seed = first; seed < first + Number(values.count); seed++) {
    const complaints = simulate(seed);
    wrong += complaints.length;
    for (const complaint of complaints) process.stdout.write(`seed ${seed}: ${complaint}\n`);
    if (complaints.length === 0) process.stdout.write(`seed ${seed}: all is well\n`);
  }
  return wrong === 0 ? 0 : 1;
}
