import { expect, test } from 'vitest';
import { createKernel, type Kernel, seconds, type Task, utf8Decode, utf8Encode } from '../../kernel';
import { createNetwork } from '../../network';
import { catalogue, type Container, type ContainerOptions, type ContainerRuntime, createContainerRuntime, ImageError, type Sandbox, StartError } from '../index';

interface World {
  readonly kernel: Kernel;
  readonly runtime: ContainerRuntime;
  readonly sandbox: Sandbox;
}

function world(options: { shareProcesses?: boolean } = {}): World {
  const kernel = createKernel();
  const runtime = createContainerRuntime({ kernel, node: 'node', images: () => catalogue, preloaded: ['busybox:1.36'] });
  const network = createNetwork({ kernel }).addHost('app', '10.0.0.9');
  return { kernel, runtime, sandbox: runtime.createSandbox({ name: 'app', namespace: 'default', uid: 'u', hostname: 'app', network, ...options }) };
}

function finish<T>({ kernel }: World, task: Task<T>, limit = 600): T {
  const process = kernel.spawn('test', task, null);
  process.onEnd(() => undefined);
  kernel.run({ until: () => process.state !== 'running', to: kernel.now + seconds(limit) });
  return process.value;
}

function container({ sandbox }: World, options: Partial<ContainerOptions>): Container {
  return sandbox.createContainer({ name: 'main', attempt: 0, image: 'busybox:1.36', env: [], mounts: [], ...options });
}

function started(of: World, options: Partial<ContainerOptions>): Container {
  const made = container(of, options);
  finish(of, made.start());
  return made;
}

const sh = (script: string): Partial<ContainerOptions> => ({ command: ['sh', '-c', script] });
const lines = (of: Container): string[] => of.log.map(({ text }) => text);

function exec(of: World, target: Container, command: readonly string[], input?: string): { code: number; stdout: string; stderr: string } {
  return finish(of, (function* () {
    const streams = yield* target.exec(command, { stdin: input !== undefined, tty: false });
    if (input !== undefined) streams.stdin?.send(utf8Encode(input));
    streams.stdin?.close();
    const code = yield* streams.exit();
    const all = (channel: typeof streams.stdout) => {
      let text = '';
      for (let chunk = channel.poll(); chunk; chunk = channel.poll()) text += utf8Decode(chunk);
      return text;
    };
    return { code, stdout: all(streams.stdout), stderr: all(streams.stderr) };
  })());
}

test('a container runs its command, logs lines of both streams and ends with its exit code', () => {
  const w = world();
  const c = started(w, sh('echo out; echo err >&2; printf partial; exit 7'));
  expect(finish(w, c.wait())).toMatchObject({ status: 'exited', exitCode: 7, reason: 'Error' });
  expect(c.log.map(({ stream, text, complete }) => [stream, text, complete])).toEqual([['stdout', 'out', true], ['stderr', 'err', true], ['stdout', 'partial', false]]);
});

test.each([
  [['nosuchcommand'], 'exec: "nosuchcommand": executable file not found in $PATH'],
  [['/bin/nosuch', '-x'], 'exec: "/bin/nosuch": stat /bin/nosuch: no such file or directory'],
  [['/tmp'], 'exec: "/tmp": permission denied'],
  [['/etc/passwd'], 'exec: "/etc/passwd": permission denied'],
])('a command that cannot start (%j) is a StartError with runc\'s words', (command, detail) => {
  const w = world();
  const c = container(w, { command });
  expect(() => finish(w, c.start())).toThrow(StartError);
  expect(c.state).toMatchObject({ exitCode: 128, reason: 'StartError', message: `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ${detail}` });
});

test('process 1 ignores TERM without a trap and is killed after the grace period; with a trap it ends at once', () => {
  const w = world();
  const deaf = started(w, { command: ['sleep', '1000'] });
  const before = w.kernel.now;
  finish(w, deaf.stop(seconds(5)));
  expect(w.kernel.now - before).toBeGreaterThanOrEqual(seconds(5));
  expect(deaf.state).toMatchObject({ exitCode: 137, reason: 'Error' });
  const polite = started(w, sh('trap "echo bye; exit 3" TERM; while :; do sleep 1; done'));
  finish(w, polite.stop(seconds(30)));
  expect(polite.state).toMatchObject({ exitCode: 3 });
  expect(lines(polite)).toEqual(['bye']);
});

test('exec shares files and processes with the container, and lasts until its output is released', () => {
  const w = world();
  const c = started(w, { command: ['sleep', '600'], env: [{ name: 'WHO', value: 'me' }] });
  expect(exec(w, c, ['sh', '-c', 'echo $WHO; hostname; kill -9 1; echo $?; echo x >/tmp/f; exit 42'])).toEqual({ code: 42, stdout: 'me\napp\n0\n', stderr: '' });
  expect(exec(w, c, ['cat'], 'from outside\n').stdout).toBe('from outside\n');
  expect(exec(w, c, ['sh', '-s'], 'cd /tmp\ncat f\nexit 3\n')).toMatchObject({ code: 3, stdout: 'x\n' });
  const before = w.kernel.now;
  exec(w, c, ['sh', '-c', 'sleep 4 & echo at once']);
  expect(w.kernel.now - before).toBeGreaterThanOrEqual(seconds(4));
  expect(() => exec(w, c, ['nosuch'])).toThrow(/OCI runtime exec failed: exec failed: unable to start container process: exec: "nosuch": executable file not found in \$PATH$/);
});

test('a volume is shared live; read-only mounts and roots refuse; a size limit gives ENOSPC', () => {
  const w = world();
  const tree = w.runtime.createTree({ memory: true });
  tree.sizeLimit = 4 * 1024 * 1024;
  const writer = started(w, { command: ['sleep', '600'], mounts: [{ path: '/v', tree }] });
  const reader = started(w, { command: ['sleep', '600'], readOnlyRoot: true, mounts: [{ path: '/r', tree, readOnly: true }] });
  exec(w, writer, ['sh', '-c', 'echo hello >/v/file']);
  expect(exec(w, reader, ['cat', '/r/file']).stdout).toBe('hello\n');
  expect(exec(w, reader, ['sh', '-c', 'echo x >/r/new; echo x >/new']).stderr).toBe("sh: can't create /r/new: Read-only file system\nsh: can't create /new: Read-only file system\n");
  expect(exec(w, writer, ['sh', '-c', 'dd if=/dev/urandom of=/v/big bs=1M count=6 2>&1 | grep -v records; stat -c %s /v/big']).stdout).toContain('No space left on device');
});

test('too much memory kills everything in the container', () => {
  const w = world();
  const c = started(w, { ...sh('x=xxxxxxxx; while :; do x=$(echo $x$x); done'), limits: { memoryBytes: 16 * 1024 * 1024 } });
  expect(finish(w, c.wait())).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
});

test('endless loops, endless output and fork bombs let the clock advance and stay bounded', () => {
  const w = world();
  const spinning = started(w, sh('while :; do :; done'));
  const printing = started(w, sh('while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; done'));
  const bomb = started(w, sh('b() { b | b & }; b; sleep 600'));
  w.kernel.run({ to: w.kernel.now + seconds(3) });
  expect(spinning.state.status).toBe('running');
  expect(spinning.usage.cpuNanoseconds).toBeGreaterThan(2e9);
  expect(printing.log.length).toBeLessThan(30_000);
  expect(lines(bomb)).toContain("sh: can't fork: Resource temporarily unavailable");
  for (const c of [spinning, printing, bomb]) {
    finish(w, c.stop(0));
    expect(c.state).toMatchObject({ exitCode: 137 });
  }
});

test('with a shared process namespace process 1 is the pause and others can be signalled', () => {
  const w = world({ shareProcesses: true });
  const victim = started(w, { name: 'victim', command: ['sleep', '500'] });
  const looker = started(w, { name: 'looker', command: ['tail', '-f', '/dev/null'] });
  expect(exec(w, looker, ['ps', '-o', 'user,args']).stdout).toContain('65535    /pause');
  exec(w, looker, ['sh', '-c', 'kill $(pidof sleep)']);
  expect(finish(w, victim.wait())).toMatchObject({ exitCode: 143 });
  expect(looker.state.status).toBe('running');
});

test('attach joins input and output of process 1; stdinOnce ends the input with the first', () => {
  const w = world();
  const c = started(w, { ...sh('cat; echo the input ended'), stdin: true, stdinOnce: true });
  const streams = c.attach();
  streams.stdin?.send(utf8Encode('one\n'));
  streams.stdin?.close();
  finish(w, c.wait());
  expect(lines(c)).toEqual(['one', 'the input ended']);
});

test('the termination message is the end of what was written', () => {
  const w = world();
  const c = started(w, sh('head -c 5000 /dev/zero | tr -c x x >/dev/termination-log'));
  finish(w, c.wait());
  expect(c.terminationMessage('/dev/termination-log')).toHaveLength(4096);
});

test('pulling takes time; what no registry has fails in containerd\'s words', () => {
  const w = world();
  const before = w.kernel.now;
  expect(finish(w, w.runtime.pullImage('alpine')).name).toBe('docker.io/library/alpine:latest');
  expect(w.kernel.now).toBeGreaterThan(before);
  expect(() => finish(w, w.runtime.pullImage('nosuch:1.0'))).toThrow('rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/nosuch:1.0": failed to resolve image: docker.io/library/nosuch:1.0: not found');
  expect(() => w.runtime.imageStatus('BusyBox:1.36')).toThrow(new ImageError('InvalidImageName', 'Failed to apply default image tag "BusyBox:1.36": couldn\'t parse image name "BusyBox:1.36": invalid reference format: repository name (library/BusyBox) must be lowercase'));
});
