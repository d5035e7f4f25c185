// npm test: everything, from a clone without node_modules. The last line counts: 'N passed, N failed'.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findChromium, installPackages } from './install.mjs';

const began = Date.now();
let passed = 0;
let failed = 0;

const command = (title, name, args, env = {}) => {
  console.log(`\n── ${title}`);
  const { status } = spawnSync(name, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  return status === 0;
};

/** One step that is right or wrong as a whole. */
const step = (title, ...rest) => {
  if (command(title, ...rest)) passed += 1;
  else failed += 1;
};

/** Tests that vitest counts. */
const tests = (title, args, env) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'kube-dojang-'));
  const report = path.join(folder, 'report.json');
  const fine = command(title, 'npx', ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args], env);
  const counts = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : { numPassedTests: 0, numFailedTests: 0 };
  passed += counts.numPassedTests;
  failed += counts.numFailedTests;
  if (!fine && counts.numFailedTests === 0) failed += 1;
  rmSync(folder, { recursive: true });
};

installPackages();
const chromium = findChromium();
step('types, lint, imports, tidiness, parity', 'npm', ['run', '--silent', 'check']);
tests('units, transcripts, labs, simulation', []);
step('the course builds', 'node', ['tools/start/start.mjs', '--build-only']);
tests('the course in Chromium', ['--config', 'vitest.browser.config.ts'], { CHROMIUM: chromium });
console.log(`\n${Math.round((Date.now() - began) / 1000)} s`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
