import { calendar } from '../../kernel';
import type { Handle } from '../process/handle';
import type { LinuxProcess } from '../process/process';
import type { World } from '../process/world';
import { type Caller, FolderInode, GeneratedFile, GeneratedFolder, HandleLink, type Inode, SymlinkInode } from './inode';
import type { MountPoint } from './mounts';
import { sizeOf } from './view';

/** What a node's machine looks like to those who read /proc. */
export const machine = { cpus: 4, memoryBytes: 8 * 1024 ** 3, kernelRelease: '6.1.0-kube-dojang' };

const file = (generate: () => string, mode?: number, onWrite?: (text: string) => void): GeneratedFile => new GeneratedFile(0, 0, generate, mode, onWrite);

/** The lines of mount and /proc/mounts. */
export function mountLine(mount: MountPoint): string {
  return `${mount.source} ${mount.path} ${mount.type} ${mount.readOnly ? mount.options.replace(/^rw/, 'ro') : mount.options} 0 0\n`;
}

export function memoryInfo(world: World): { total: number; free: number; used: number } {
  const used = Math.max(world.usage.memoryBytes, 0) + 900 * 1024 ** 2;
  return { total: machine.memoryBytes, used, free: machine.memoryBytes - used };
}

function meminfo(world: World): string {
  const { total, free } = memoryInfo(world);
  const line = (name: string, bytes: number) => `${`${name}:`.padEnd(15)} ${String(Math.floor(bytes / 1024)).padStart(8)} kB\n`;
  return line('MemTotal', total) + line('MemFree', free) + line('MemAvailable', free) + line('Buffers', 0) + line('Cached', 512 * 1024 ** 2) + line('SwapTotal', 0) + line('SwapFree', 0);
}

function cpuinfo(): string {
  let text = '';
  for (let cpu = 0; cpu < machine.cpus; cpu++) text += `processor\t: ${cpu}\nvendor_id\t: GenuineIntel\nmodel name\t: Virtual CPU @ 2.40GHz\ncpu MHz\t\t: 2400.000\ncpu cores\t: ${machine.cpus}\n\n`;
  return text;
}

/** Seconds since the machine was started: it was, an hour before the simulation began. */
export function uptimeSeconds(world: World): number {
  const { year } = calendar(world.kernel.now);
  return Math.max(0, world.kernel.now - startOfYear(year)) / 1_000_000 + 3600;
}

/** Microseconds since 1970 at the start of a year. */
function startOfYear(year: number): number {
  let days = 0;
  for (let y = 1970; y < year; y++) days += (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0 ? 366 : 365;
  return days * 86_400_000_000;
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

function statusText(process: LinuxProcess): string {
  const state = process.ended ? 'Z (zombie)' : process.stopped ? 'T (stopped)' : 'S (sleeping)';
  const { uid, gid, groups } = process.credentials;
  const kilobytes = Math.floor(process.memoryBytes / 1024);
  return (
    `Name:\t${baseName(process.argv[0] ?? '').slice(0, 15)}\nUmask:\t${process.umask.toString(8).padStart(4, '0')}\nState:\t${state}\nTgid:\t${process.pid}\nPid:\t${process.pid}\nPPid:\t${process.parent?.pid ?? 0}\n` +
    `Uid:\t${uid}\t${uid}\t${uid}\t${uid}\nGid:\t${gid}\t${gid}\t${gid}\t${gid}\nFDSize:\t64\nGroups:\t${groups.join(' ')} \nVmSize:\t${String(kilobytes + 4000).padStart(8)} kB\nVmRSS:\t${String(kilobytes).padStart(8)} kB\nThreads:\t1\n` +
    (process.world.privileged ? 'CapEff:\t000001ffffffffff\n' : uid === 0 ? 'CapEff:\t00000000a80425fb\n' : 'CapEff:\t0000000000000000\n')
  );
}

function fdFolder(process: LinuxProcess): GeneratedFolder {
  const at = (name: string): Handle | undefined => process.fds[Number(name)];
  return new GeneratedFolder(
    0,
    process.startedAt,
    (name) => {
      const handle = at(name);
      return handle ? new HandleLink(0, process.startedAt, handle.name, () => at(name)) : undefined;
    },
    () => [...process.fds.keys()].filter((fd) => process.fds[fd]).map(String),
    0o500,
  );
}

function processFolder(process: LinuxProcess): GeneratedFolder {
  const entries: Record<string, () => Inode> = {
    cmdline: () => file(() => process.argv.map((word) => `${word}\0`).join('')),
    comm: () => file(() => `${baseName(process.argv[0] ?? '').slice(0, 15)}\n`),
    status: () => file(() => statusText(process)),
    stat: () => file(() => `${process.pid} (${baseName(process.argv[0] ?? '')}) S ${process.parent?.pid ?? 0} ${process.group} ${process.session} 0 -1 0 0 0 0 0 ${Math.floor(process.cpu / 10_000)} 0 0 0 20 0 1 0 0 ${process.memoryBytes} 0\n`),
    environ: () => file(() => Object.entries(process.env).map(([name, value]) => `${name}=${value}\0`).join(''), 0o400),
    mounts: () => file(() => process.world.mounts.all().map(mountLine).join('')),
    limits: () => file(() => 'Limit                     Soft Limit           Hard Limit           Units     \nMax open files            1048576              1048576              files     \n'),
    cgroup: () => file(() => '0::/\n'),
    oom_score_adj: () => file(() => '0\n', 0o644, () => undefined),
    fd: () => fdFolder(process),
    cwd: () => new HandleLink(0, process.startedAt, process.cwd, () => process.files.place(process.cwd).inode),
    root: () => new HandleLink(0, process.startedAt, '/', () => process.world.mounts.root.root),
    exe: () => new SymlinkInode(0, process.startedAt, '/bin/busybox'),
  };
  const folder = new GeneratedFolder(0, process.startedAt, (name) => own(entries[name]?.(), process), () => Object.keys(entries));
  return own(folder, process) as GeneratedFolder;
}

function own(inode: Inode | undefined, process: LinuxProcess): Inode | undefined {
  if (inode) {
    inode.uid = process.uid;
    inode.gid = process.gid;
  }
  return inode;
}

function sysctlFolder(world: World): FolderInode {
  const values: Record<string, () => string> = {
    'kernel/hostname': () => world.hostname,
    'kernel/ostype': () => 'Linux',
    'kernel/osrelease': () => machine.kernelRelease,
    'kernel/pid_max': () => '32768',
    'net/core/somaxconn': () => '4096',
    'net/ipv4/ip_unprivileged_port_start': () => '0',
    'net/ipv4/ip_local_port_range': () => '32768\t60999',
    'vm/overcommit_memory': () => '1',
  };
  for (const [name, value] of Object.entries(world.sysctls)) values[name.replace(/\./g, '/')] = () => value;
  const root = new FolderInode(0, 0o555, 0);
  for (const [path, value] of Object.entries(values)) {
    const parts = path.split('/');
    const last = parts.pop() as string;
    let folder = root;
    for (const part of parts) {
      let next = folder.get(part);
      if (!(next instanceof FolderInode)) folder.put(part, (next = new FolderInode(0, 0o555, 0)));
      folder = next as FolderInode;
    }
    folder.put(last, file(() => `${value()}\n`, 0o644));
  }
  return root;
}

/** The root of /proc as the processes of one container see it. */
export function procRoot(world: World): FolderInode {
  const { processes } = world.pids;
  const entries: Record<string, () => Inode> = {
    cpuinfo: () => file(cpuinfo),
    meminfo: () => file(() => meminfo(world)),
    uptime: () => file(() => `${uptimeSeconds(world).toFixed(2)} ${(uptimeSeconds(world) * machine.cpus * 0.9).toFixed(2)}\n`),
    loadavg: () => file(() => `0.10 0.08 0.05 1/${processes.size + 100} ${Math.max(...processes.keys(), 1)}\n`),
    version: () => file(() => `Linux version ${machine.kernelRelease} (gcc) #1 SMP\n`),
    stat: () => file(() => `cpu  ${Math.floor(world.usage.cpuMicroseconds / 10_000)} 0 0 0 0 0 0 0 0 0\nbtime ${Math.floor(world.kernel.now / 1_000_000 - uptimeSeconds(world))}\n`),
    mounts: () => new SymlinkInode(0, 0, 'self/mounts'),
    filesystems: () => file(() => 'nodev\tsysfs\nnodev\ttmpfs\nnodev\tproc\nnodev\toverlay\n\text4\n'),
    sys: () => sysctlFolder(world),
    net: () => new SymlinkInode(0, 0, 'self/net'),
  };
  return new GeneratedFolder(
    1,
    world.kernel.now,
    (name, caller?: Caller) => {
      if (name === 'self') return new SymlinkInode(0, world.kernel.now, String(caller?.pid ?? 1));
      const process = /^\d+$/.test(name) ? processes.get(Number(name)) : undefined;
      return process ? processFolder(process) : entries[name]?.();
    },
    () => [...[...processes.keys()].map(String), ...Object.keys(entries), 'self'],
  );
}

/** /sys: the container's control group, version 2. */
export function sysRoot(world: World): FolderInode {
  const root = new FolderInode(1, 0o555, 0);
  const fs = new FolderInode(2, 0o555, 0);
  const cgroup = new FolderInode(3, 0o555, 0);
  root.put('fs', fs);
  fs.put('cgroup', cgroup);
  const { limits, usage } = world;
  const entries: Record<string, () => string> = {
    'memory.max': () => `${limits.memoryBytes ?? 'max'}\n`,
    'memory.current': () => `${usage.memoryBytes}\n`,
    'memory.swap.max': () => '0\n',
    'memory.events': () => 'low 0\nhigh 0\nmax 0\noom 0\noom_kill 0\n',
    'cpu.max': () => `${limits.cpuMillis === undefined ? 'max' : limits.cpuMillis * 100} 100000\n`,
    'cpu.stat': () => `usage_usec ${usage.cpuMicroseconds}\nuser_usec ${usage.cpuMicroseconds}\nsystem_usec 0\n`,
    'pids.max': () => `${world.pids.limit}\n`,
    'pids.current': () => `${world.pids.processes.size}\n`,
    'cgroup.procs': () => `${[...world.pids.processes.keys()].join('\n')}\n`,
    'cgroup.controllers': () => 'cpuset cpu io memory pids\n',
  };
  for (const [name, generate] of Object.entries(entries)) cgroup.put(name, file(generate));
  return root;
}

/** df's numbers of a mount in bytes. */
export function spaceOf(mount: MountPoint): { size: number; used: number; free: number } {
  const size = sizeOf(mount);
  const used = mount.tree.sizeLimit === undefined && mount.type !== 'tmpfs' ? 20 * 1024 ** 3 + mount.tree.usedBytes : Math.ceil(mount.tree.usedBytes / 4096) * 4096;
  return { size, used, free: Math.max(0, size - used) };
}
