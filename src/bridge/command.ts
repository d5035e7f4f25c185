import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { describeIn } from '../field-docs';
import { type Cluster, createCluster } from '../simulator/cluster';
import { minutes, seconds } from '../simulator/kernel';
import { adminIdentity, makeAuthority, serverIdentity } from './certificates';
import { DataFolder, newSecret, type Secrets } from './data-folder';
import { Driver } from './driver';
import { EtcdLog } from './etcd-log';
import { kubeconfig } from './kubeconfig';
import { signer } from './sign';
import { listen } from './server';

export interface BridgeOptions {
  readonly port: number;
  readonly host?: string;
  readonly nodes?: number;
  readonly bare?: boolean;
  /** Control-plane nodes of a cluster that is not bare. */
  readonly controlPlanes?: number;
  readonly seed?: number;
  /** Virtual seconds per second of the wall. */
  readonly speed?: number;
  /** Where the cluster is kept; by default it is forgotten. */
  readonly data?: string;
}

/** A cluster behind a port. */
export interface Bridge {
  /** https://127.0.0.1:PORT */
  readonly address: string;
  /** What clients need, as YAML. */
  readonly kubeconfig: string;
  /** What is behind the port. */
  readonly cluster: Cluster;
  close(): Promise<void>;
}

/** The secrets of a cluster: those of its folder, or new ones, which go there. */
async function secretsOf(folder: DataFolder | undefined, bare: boolean): Promise<Secrets> {
  const earlier = folder?.readSecrets();
  if (earlier && earlier.bare !== bare) throw new Error(`the folder holds a cluster that was made ${earlier.bare ? 'with' : 'without'} --bare`);
  if (earlier) return earlier;
  const authority = await makeAuthority();
  const made = { bare, authority, admin: await adminIdentity(authority), token: newSecret(), signingKey: newSecret() };
  folder?.writeSecrets(made);
  return made;
}

/** A cluster that has come up, with its clock where the wall's is; one that was kept goes on where it stopped. */
function raise({ port, host = '127.0.0.1', nodes = 3, bare = false, controlPlanes = 1, seed = 1 }: BridgeOptions, { authority, token, signingKey }: Secrets, file: string | undefined): { cluster: Cluster; log: EtcdLog | undefined } {
  const earlier = file === undefined ? undefined : EtcdLog.read(file);
  const log = file === undefined ? undefined : new EtcdLog(file, () => cluster.etcdSnapshot(), () => cluster.kernel.now);
  const cluster: Cluster = createCluster({
    nodes, bare, controlPlanes, signingKey, clientCa: authority.certificate, sign: signer(authority), describe: describeIn('en'),
    seed: seed + (earlier ? earlier.revision : 0), // or the names and UIDs of the earlier life would come again
    start: Math.max(Date.now() * 1000 - minutes(1), earlier?.time ?? 0),
    ...(bare && port !== 0 && { advertise: { address: host, port } }),
    tokens: { [token]: { ...(bare ? { name: 'admin', uid: 'admin' } : { name: 'kubernetes-admin' }), groups: ['system:masters'] } },
    ...(log && { etcdFiles: { ...(earlier && { kept: earlier.kept }), journal: (command) => log.note(command) } }),
  });
  if (earlier) cluster.run({ atMost: seconds(20) }); // what etcd says of Pods is of the earlier life until the kubelets have looked
  cluster.settle(minutes(1));
  cluster.kernel.run({ to: Date.now() * 1000 });
  return { cluster, log };
}

/** Starts a cluster, lets it come up as fast as it can, and puts it behind a port. `failed` hears of a defect of the simulator. */
export async function startBridge(options: BridgeOptions, failed: (error: unknown) => void): Promise<Bridge> {
  const { port, host = '127.0.0.1', speed = 1 } = options;
  const folder = options.data === undefined ? undefined : new DataFolder(options.data);
  try {
    const secrets = await secretsOf(folder, options.bare ?? false);
    const authority = secrets.authority.certificate;
    const own = await serverIdentity(secrets.authority, [...new Set(['127.0.0.1', '::1', '10.96.0.1', host])]);
    const { cluster, log } = raise(options, secrets, folder?.etcdFile);
    const driver = new Driver(cluster, speed, failed);
    const server = await listen({ cluster, driver, own, authority, host, port });
    const address = `https://${host === '0.0.0.0' ? '127.0.0.1' : host}:${server.port}`;
    return {
      address,
      kubeconfig: kubeconfig(address, secrets),
      cluster,
      close: async () => {
        driver.stop();
        await server.close();
        log?.flush();
        folder?.release();
      },
    };
  } catch (error) {
    folder?.release();
    throw error;
  }
}

function controlPlanesOf({ 'control-planes': text, bare }: { readonly 'control-planes': string; readonly bare: boolean }): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 7) throw new Error('--control-planes is a number from 1 to 7');
  if (bare && count > 1) throw new Error('a bare cluster has no control-plane nodes: leave --control-planes or --bare out');
  return count;
}

/** npm run cluster -- … : runs until it is told to stop, and leaves nothing behind. */
export async function clusterCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: '16500' }, host: { type: 'string', default: '127.0.0.1' }, nodes: { type: 'string', default: '3' },
      kubeconfig: { type: 'string' }, speed: { type: 'string', default: '1' }, seed: { type: 'string', default: '1' }, bare: { type: 'boolean', default: false }, data: { type: 'string' }, 'control-planes': { type: 'string', default: '1' },
    },
  });
  const file = values.kubeconfig ?? path.join(tmpdir(), `kube-dojang-${values.port}.kubeconfig`);
  let stop: (code: number) => void = () => undefined;
  const stopped = new Promise<number>((resolve) => (stop = resolve));
  const bridge = await startBridge(
    { port: Number(values.port), host: values.host, nodes: Number(values.nodes), bare: values.bare, controlPlanes: controlPlanesOf(values), seed: Number(values.seed), speed: Number(values.speed), ...(values.data !== undefined && { data: values.data }) },
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
