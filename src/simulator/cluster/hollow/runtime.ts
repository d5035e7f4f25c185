import { Channel, Future, type Kernel, type Task } from '../../kernel';
import type { Container, ContainerOptions, ContainerRuntime, ContainerState, FileTree, ImageStatus, LogLine, ProgramStreams, Sandbox, SandboxOptions } from '../../runtime';

/** A tree that keeps nothing: nobody reads it. */
const emptyTree = (): FileTree => ({
  writeFile: () => undefined, readFile: () => new Uint8Array(), makeFolder: () => undefined, symlink: () => undefined, rename: () => undefined,
  remove: () => undefined, exists: () => false, list: () => [], usedBytes: 0, sizeLimit: undefined,
});

const noStreams = (): ProgramStreams => {
  const closed = () => {
    const channel = new Channel<Uint8Array>();
    channel.close();
    return channel;
  };
  return { stdout: closed(), stderr: closed(), stdin: undefined, resize: () => undefined, exit: function* () { return 0; }, close: () => undefined };
};

class HollowContainer implements Container {
  state: ContainerState = { status: 'created' };
  readonly user = { uid: 0, gid: 0, supplementalGroups: [] };
  readonly log: readonly LogLine[] = [];
  readonly usage = { cpuNanoseconds: 0, memoryBytes: 0 };
  private readonly ended = new Future<ContainerState & { status: 'exited' }>();

  constructor(private readonly kernel: Kernel, readonly id: string, readonly options: ContainerOptions, readonly image: ImageStatus) {}

  *start(): Task {
    this.state = { status: 'running', startedAt: this.kernel.now };
  }

  *stop(): Task {
    if (this.state.status !== 'running') return;
    const { startedAt } = this.state;
    const state = { status: 'exited', startedAt, finishedAt: this.kernel.now, exitCode: 0, reason: '' } as const;
    this.state = state;
    this.ended.resolve(state);
  }

  signal(): void {}

  wait(): Task<ContainerState & { status: 'exited' }> {
    return this.ended.wait();
  }

  *exec(): Task<ProgramStreams> {
    return noStreams();
  }

  attach(): ProgramStreams {
    return noStreams();
  }

  followLog(): () => void {
    return () => undefined;
  }

  terminationMessage(): string {
    return '';
  }

  remove(): void {}
}

/** A container runtime without containers: every image can be had, whatever is started runs and never ends. */
export function createHollowRuntime(kernel: Kernel): ContainerRuntime {
  const images = new Map<string, ImageStatus>();
  const tagged = (name: string): string => (/[:@][^/]*$/.test(name) ? name : `${name}:latest`);
  return {
    createSandbox: (options: SandboxOptions): Sandbox => ({
      id: kernel.random.hex(64),
      options,
      createContainer: (container) => new HollowContainer(kernel, `fakeRuntime://${options.name}_${options.namespace}_${options.uid}_0_${container.name}_${container.attempt}`, container, images.get(tagged(container.image)) as ImageStatus),
      remove: () => undefined,
    }),
    *pullImage(name) {
      const image: ImageStatus = { name: tagged(name), id: tagged(name), sizeBytes: 0 };
      images.set(image.name, image);
      return image;
    },
    imageStatus: (name) => images.get(tagged(name)),
    get images() {
      return [...images.values()];
    },
    createTree: emptyTree,
  };
}
