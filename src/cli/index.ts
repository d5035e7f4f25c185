import process from 'node:process';
import { labCommand } from './lab';
import { simCommand } from './sim';

const usage = `usage:
  npm run lab -- list
  npm run lab -- grade ID --answer FOLDER [--language ko|en]
  npm run lab -- test [ID]
  npm run sim -- [--seed N] [--count N]
  npm run fuzz:api -- [--seed N] [--count N] [--groups core,apps] [--resources pods] [--all [--most N]] [--record FILE] [--kubeconfig FILE]
  npm run abuse -- [--minutes 10] [--seed N]
  npm run conformance -- [--class control-plane] [--sig SIG] [--focus REGEX] [--parallel N] [--bare] [--timeout 90s]
`;

/** What each first word does; gives the exit code. */
const commands: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  lab: labCommand,
  sim: simCommand,
  bench: async (args) => (await import('./bench')).benchCommand(args),
  'fuzz:api': async (args) => (await import('./fuzz')).fuzzCommand(args),
  abuse: async (args) => (await import('./abuse')).abuseCommand(args),
  conformance: async (args) => (await import('./conformance')).conformanceCommand(args),
  cluster: async (args) => (await import('../bridge')).clusterCommand(args),
};

const [name = '', ...args] = process.argv.slice(2);
const command = commands[name];
if (!command) {
  process.stderr.write(usage);
  process.exitCode = 2;
} else {
  try {
    process.exitCode = await command(args);
  } catch (error) {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  }
}
