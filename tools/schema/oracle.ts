import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import https from 'node:https';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';

/** What Go holds in a field: see tools/oracle/types. */
export interface GoShape {
  type: string;
  object?: string;
  element?: GoShape;
  or?: 'boolean' | 'list' | 'strings';
  pointer?: boolean;
  wrapped?: boolean;
  go: string;
}

export interface GoField {
  name: string;
  go: string;
  shape: GoShape;
  omitEmpty?: boolean;
  protobuf?: number;
  inline?: number[];
  embedded?: string;
  patchStrategy?: string;
  patchMergeKey?: string;
}

export interface GoTypes {
  types: Record<string, GoField[] | null>;
  kinds: { Group: string; Version: string; Kind: string; Type: string }[];
}

/** Builds and runs the Go program that reflects over the API's types. */
export function goTypes(): GoTypes {
  const folder = mkdtempSync(path.join(tmpdir(), 'types-'));
  try {
    const program = path.join(folder, 'types');
    execFileSync('go', ['build', '-o', program, './types'], { cwd: path.join(import.meta.dirname, '../oracle'), stdio: 'inherit' });
    return JSON.parse(execFileSync(program, { maxBuffer: 1 << 26 }).toString()) as GoTypes;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Kubeconfig {
  clusters: { cluster: { server: string } }[];
  users: { user: { token: string } }[];
}

/** Asks a running API server (KUBECONFIG, or the oracle's default one) for a path. */
export async function ask<T>(where: string, accept = 'application/json'): Promise<T> {
  const file = process.env['KUBECONFIG'] ?? path.join(homedir(), '.cache/kubernetes-oracle/run/default/admin.kubeconfig');
  const config = parse(readFileSync(file, 'utf8')) as Kubeconfig;
  const server = config.clusters[0]?.cluster.server ?? '';
  const headers = { authorization: `Bearer ${config.users[0]?.user.token ?? ''}`, accept };
  return new Promise((resolve, reject) => {
    const request = https.get(server + where, { headers, rejectUnauthorized: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        if (response.statusCode === 200) resolve(JSON.parse(Buffer.concat(chunks).toString()) as T);
        else reject(new Error(`GET ${where}: ${response.statusCode}`));
      });
    });
    request.on('error', reject);
  });
}
