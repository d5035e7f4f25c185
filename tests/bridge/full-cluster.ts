import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Bridge, startBridge } from '../../src/bridge';
import { findTools } from './tools';

/** What a command left behind. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A full cluster behind a port, and the real clients that are told where it is. */
export interface FullCluster {
  readonly folder: string;
  /** Path of the kubeconfig. */
  readonly kubeconfig: string;
  /** Defects of the simulator that were heard of. */
  readonly defects: readonly unknown[];
  /** Runs a client until it ends. Rejects when it exits with anything but `code` (0). */
  run(name: 'kubectl' | 'helm', args: readonly string[], how?: { readonly input?: string; readonly code?: number }): Promise<Ended>;
  /** Starts a client that goes on until it is killed. */
  start(name: 'kubectl' | 'helm', args: readonly string[]): ChildProcess;
  close(): Promise<void>;
}

/** The first text on a child's output that matches; rejects when it ends without. */
export function untilPrinted(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let text = '';
    const hear = (data: Buffer): void => {
      text += String(data);
      const match = pattern.exec(text);
      if (match) resolve(match);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.on('close', () => reject(new Error(`ended without ${pattern}: ${text}`)));
  });
}

/** Starts a cluster of a control plane and `nodes` workers. */
export async function startFullCluster(nodes = 2): Promise<FullCluster> {
  const { environment } = findTools();
  const folder = mkdtempSync(path.join(tmpdir(), 'kube-dojang-clients-'));
  const kubeconfig = path.join(folder, 'kubeconfig');
  const defects: unknown[] = [];
  const bridge: Bridge = await startBridge({ port: 0, nodes }, (error) => defects.push(error));
  writeFileSync(kubeconfig, bridge.kubeconfig, { mode: 0o600 });
  const env = { ...environment, KUBECONFIG: kubeconfig, HOME: folder };
  const start: FullCluster['start'] = (name, args) => spawn(name, args, { env, cwd: folder });
  return {
    folder, kubeconfig, defects, start,
    run: (name, args, { input = '', code = 0 } = {}) => new Promise((resolve, reject) => {
      const child = start(name, args);
      let stdout = '';
      let stderr = '';
      child.stdout?.on('data', (data: Buffer) => (stdout += String(data)));
      child.stderr?.on('data', (data: Buffer) => (stderr += String(data)));
      child.on('close', (actual) => {
        if (actual === code) resolve({ code: actual, stdout, stderr });
        else reject(new Error(`${name} ${args.join(' ')}: exit ${actual}\n${stdout}${stderr}`));
      });
      child.stdin?.end(input);
    }),
    close: async () => {
      await bridge.close();
      rmSync(folder, { recursive: true });
    },
  };
}
