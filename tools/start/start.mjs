/**
 * npm start: installs what is missing, builds the course in both languages when its sources changed, serves it on one
 * port and prints the address. Needs nothing but Node.
 *
 *     npm start -- [--port 3000] [--host 127.0.0.1] [--build-only]
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fingerprint, hashOf } from './fingerprint.mjs';
import { serve } from './serve.mjs';

const root = path.resolve(fileURLToPath(import.meta.url), '../../..');
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: process.env.PORT ?? '3000' },
    host: { type: 'string', default: '127.0.0.1' },
    'build-only': { type: 'boolean', default: false },
  },
});

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) {
    console.error(`\n${command} ${args.join(' ')} failed`);
    process.exit(status ?? 1);
  }
}

const readOr = (file, fallback) => readFile(file, 'utf8').catch(() => fallback);

async function install() {
  const marker = path.join(root, 'node_modules/.kube-dojang-lock');
  const lock = await hashOf(path.join(root, 'package-lock.json'));
  if (existsSync(path.join(root, 'node_modules/@docusaurus/core')) && (await readOr(marker, lock)) === lock) return;
  console.log('Installing dependencies …');
  run('npm', ['ci', '--no-audit', '--no-fund']);
  await writeFile(marker, lock);
}

async function build() {
  const marker = path.join(root, 'build/.sources');
  const sources = await fingerprint(root);
  if ((await readOr(marker, '')) === sources) return;
  console.log('Building the course in Korean and English …');
  run('npx', ['--no-install', 'docusaurus', 'build']);
  await writeFile(marker, sources);
}

await install();
await build();
if (!values['build-only']) {
  const address = await serve({ folder: path.join(root, 'build'), host: values.host, port: Number(values.port) });
  console.log(`\nKube Dojang is at ${address} (English: ${address}en/). Stop it with Ctrl-C.`);
}
