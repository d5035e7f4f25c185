import process from 'node:process';
import { parseArgs } from 'node:util';
import { bridgeFigures } from './bridge';
import { controlPlaneFigures } from './control-plane';
import type { Figure } from './measure';
import { wholeClusterFigures } from './whole-cluster';

function row({ what, target, measured, holds }: Figure): string {
  return `| ${what.padEnd(44)} | ${target.padEnd(18)} | ${measured.padEnd(16)} | ${holds === undefined ? '' : holds ? 'holds' : 'MISSED'} |`;
}

/** npm run bench [-- --quick]: each figure of the architecture's table, with its target beside. */
export async function benchCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { quick: { type: 'boolean', default: false } } });
  process.stdout.write(`| ${'what'.padEnd(44)} | ${'target'.padEnd(18)} | ${'measured'.padEnd(16)} | |\n|-|-|-|-|\n`);
  for (const figure of controlPlaneFigures(values.quick)) process.stdout.write(`${row(figure)}\n`);
  for (const figure of await bridgeFigures(values.quick)) process.stdout.write(`${row(figure)}\n`);
  for (const figure of await wholeClusterFigures(values.quick)) process.stdout.write(`${row(figure)}\n`);
  return 0;
}
