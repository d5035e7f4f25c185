import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { createCluster } from '../simulator/cluster';
import { minutes } from '../simulator/kernel';
import { makeCertificates } from './certificates';
import { Driver } from './driver';
import { kubeconfig } from './kubeconfig';
import { listen } from './server';

export interface BridgeOptions {
  readonly port: number;
  readonly host?: string;
  readonly nodes?: number;
  readonly bare?: boolean;
  readonly seed?: number;
  /** Virtual seconds per second of the wall. */
  readonly speed?: number;
}

/** A cluster behind a port. */
export interface Bridge {
  /** https://127.0.0.1:PORT */
  readonly address: string;
  /** What clients need, as YAML. */
  readonly kubeconfig: string;
  close(): Promise<void>;
}

/** Starts a cluster, lets it come up as fast as it can, and puts it behind a port. `failed` hears of a defect of the simulator. */
export async function startBridge({ port, host = '127.0.0.1', nodes = 3, bare = false, seed = 1, speed = 1 }: BridgeOptions, failed: (error: unknown) => void): Promise<Bridge> {
  const certificates = await makeCertificates([...new Set(['127.0.0.1', '::1', '10.96.0.1', host])]);
  const token = randomBytes(16).toString('hex');
  const cluster = createCluster({
    nodes, bare, seed, start: Date.now() * 1000 - minutes(1), clientCa: certificates.authority,
    ...(bare && port !== 0 && { advertise: { address: host, port } }),
    tokens: { [token]: { ...(bare ? { name: 'admin', uid: 'admin' } : { name: 'kubernetes-admin' }), groups: ['system:masters'] } },
  });
  cluster.settle(minutes(1));
  cluster.kernel.run({ to: Date.now() * 1000 });
  const driver = new Driver(cluster, speed, failed);
  const server = await listen({ cluster, driver, certificates, host, port });
  const address = `https://${host === '0.0.0.0' ? '127.0.0.1' : host}:${server.port}`;
  return {
    address,
    kubeconfig: kubeconfig(address, certificates, token),
    close: async () => {
      driver.stop();
      await server.close();
    },
  };
}

/** npm run cluster -- … : runs until it is told to stop, and leaves nothing behind. */
export async function clusterCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: '16500' }, host: { type: 'string', default: '127.0.0.1' }, nodes: { type: 'string', default: '3' },
      kubeconfig: { type: 'string' }, speed: { type: 'string', default: '1' }, seed: { type: 'string', default: '1' }, bare: { type: 'boolean', default: false },
    },
  });
  const file = values.kubeconfig ?? path.join(tmpdir(), `kube-dojang-${values.port}.kubeconfig`);
  let stop: (code: number) => void = () => undefined;
  const stopped = new Promise<number>((resolve) => (stop = resolve));
  const bridge = await startBridge(
    { port: Number(values.port), host: values.host, nodes: Number(values.nodes), bare: values.bare, seed: Number(values.seed), speed: Number(values.speed) },
    (error) => {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      process.stderr.write(`a defect of the simulator: ${error instanceof Error ? error.message : String(error)}\n${cause instanceof Error ? cause.stack : ''}\n`);
    },
  );
  writeFileSync(file, bridge.kubeconfig, { mode: 0o600 });
  process.stdout.write(`Kubernetes API at ${bridge.address}, kubeconfig ${file}\n`);
  process.once('SIGINT', () => stop(0));
  process.once('SIGTERM', () => stop(0));
  const code = await stopped;
  await bridge.close();
  rmSync(file, { force: true });
  return code;
}
