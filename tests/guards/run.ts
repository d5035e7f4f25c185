import process from 'node:process';
import { parity } from './parity';
import { tidy } from './tidy';

const found = [...tidy({ root: process.cwd() }), ...parity(process.cwd())];
for (const line of found) console.error(line);
console.log(found.length === 0 ? 'tidy, and both languages alike' : `${found.length} against the house rules`);
process.exitCode = found.length === 0 ? 0 : 1;
