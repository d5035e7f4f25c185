import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type { Identity } from './certificates';

/** What clients of a cluster hold on to: with the same secrets, their certificates and tokens go on being valid. */
export interface Secrets {
  /** Whether the cluster is a bare one: the other kind cannot be made of its content. */
  readonly bare: boolean;
  /** The authority that signs everybody's certificates. */
  readonly authority: Identity;
  readonly admin: Identity;
  /** The admin's bearer token. */
  readonly token: string;
  /** Signs the tokens of service accounts. */
  readonly signingKey: string;
}

/** A secret text that nobody guesses. */
export const newSecret = (): string => randomBytes(16).toString('hex');

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** The folder in which a cluster is kept: `cluster.json` with its secrets, `etcd.jsonl` with its objects. */
export class DataFolder {
  private readonly lock: string;

  /** Takes the folder for this process; throws when another one has it. */
  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.lock = path.join(folder, 'lock');
    const owner = existsSync(this.lock) ? Number(readFileSync(this.lock, 'utf8')) : 0;
    if (owner > 0 && owner !== process.pid && isAlive(owner)) throw new Error(`${folder} is in use by process ${owner}`);
    writeFileSync(this.lock, String(process.pid));
  }

  get etcdFile(): string {
    return path.join(this.folder, 'etcd.jsonl');
  }

  readSecrets(): Secrets | undefined {
    const file = path.join(this.folder, 'cluster.json');
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Secrets) : undefined;
  }

  writeSecrets(secrets: Secrets): void {
    const draft = path.join(this.folder, 'cluster.json.new');
    writeFileSync(draft, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
    renameSync(draft, path.join(this.folder, 'cluster.json'));
  }

  release(): void {
    rmSync(this.lock, { force: true });
  }
}
