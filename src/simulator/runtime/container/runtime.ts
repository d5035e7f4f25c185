import { hex, type Kernel, milliseconds, sha256, sleep, type Task, utf8Encode } from '../../kernel';
import { Tree } from '../files/tree';
import { type Container, type ContainerOptions, type ContainerRuntime, type FileTree, type Image, ImageError, type ImageStatus, type Sandbox, type SandboxOptions } from '../interface';
import { LinuxProcess } from '../process/process';
import type { Executable } from '../process/program';
import { PidNamespace, type World } from '../process/world';
import { RuntimeContainer } from './container';
import { layersOf } from './layers';
import { containerMounts } from './mounts';
import { fullName, type ImageReference, newId, parseReference } from './reference';

export interface RuntimeOptions {
  readonly kernel: Kernel;
  readonly node: string;
  /** What the registries hold now. */
  readonly images: () => readonly Image[];
  /** Names that are on the node from the start. */
  readonly preloaded?: readonly string[];
}

const bytesPerSecond = 60 * 1024 * 1024;

/** A node's container runtime. */
export function createContainerRuntime(options: RuntimeOptions): ContainerRuntime {
  return new NodeRuntime(options);
}

class NodeRuntime implements ContainerRuntime {
  private readonly kernel: Kernel;
  private readonly registries: () => readonly Image[];
  private readonly present = new Map<string, ImageStatus>();
  private readonly programs = new Map<string, Executable>();
  private readonly pulling = new Map<string, { until: number }>();

  constructor(options: RuntimeOptions) {
    this.kernel = options.kernel;
    this.registries = options.images;
    for (const name of options.preloaded ?? []) this.store(parseReference(name));
  }

  private find(reference: ImageReference): Image | undefined {
    const images = this.registries().filter(({ repository }) => repository === reference.repository);
    if (reference.digest !== undefined) return images.find((image) => image.tags.some((tag) => digestOf(image, tag) === reference.digest));
    return images.find(({ tags }) => tags.includes(reference.tag ?? 'latest'));
  }

  *pullImage(name: string): Task<ImageStatus> {
    const reference = parseReference(name);
    const whole = fullName(reference);
    yield* sleep(milliseconds(250 + this.kernel.random.int(200)));
    const image = this.find(reference);
    if (!image) throw missing(whole);
    if (!this.present.has(whole)) {
      const under = this.pulling.get(whole);
      const duration = Math.round((image.sizeBytes / bytesPerSecond) * 1_000_000) + milliseconds(100);
      const until = under?.until ?? this.kernel.now + duration;
      if (!under) this.pulling.set(whole, { until });
      yield* sleep(Math.max(0, until - this.kernel.now));
      this.pulling.delete(whole);
    }
    return this.store(reference);
  }

  private store(reference: ImageReference): ImageStatus {
    const whole = fullName(reference);
    const known = this.present.get(whole);
    if (known) return known;
    const image = this.find(reference);
    if (!image) throw new ImageError('ErrImagePull', `no such image: ${whole}`);
    const status: ImageStatus = { name: whole, id: `${image.repository}@${reference.digest ?? digestOf(image, reference.tag ?? 'latest')}`, sizeBytes: image.sizeBytes, ...(image.user === undefined ? {} : { user: image.user }) };
    this.present.set(whole, status);
    for (const [key, program] of layersOf(image, this.kernel.now).programs) this.programs.set(key, program);
    return status;
  }

  imageStatus(name: string): ImageStatus | undefined {
    return this.present.get(fullName(parseReference(name)));
  }

  get images(): readonly ImageStatus[] {
    return [...this.present.values()];
  }

  createTree(options: { readonly memory?: boolean } = {}): FileTree {
    return new Tree(() => this.kernel.now, options.memory ? 'tmpfs' : 'disk');
  }

  createSandbox(options: SandboxOptions): Sandbox {
    return new NodeSandbox(this.kernel, options, (name) => this.imageFor(name), (key) => this.programs.get(key));
  }

  /** Throws ImageError when the image is not on the node. */
  private imageFor(name: string): { image: Image; status: ImageStatus } {
    const reference = parseReference(name);
    const status = this.present.get(fullName(reference));
    const image = this.find(reference);
    if (!status || !image) throw new ImageError('ErrImagePull', `failed to create containerd container: error unpacking image: image "${name}": not found`);
    return { image, status };
  }
}

/** A stable digest of an image's tag. */
export const digestOf = (image: Image, tag: string): string => `sha256:${hex(sha256(utf8Encode(`${image.repository}:${tag === 'latest' ? (image.tags.find((other) => other !== 'latest') ?? tag) : tag}`)))}`;

/** containerd's words for an image that its registry does not have. */
const missing = (whole: string): ImageError => new ImageError('ErrImagePull', `rpc error: code = NotFound desc = failed to pull and unpack image "${whole}": failed to resolve image: ${whole}: not found`);

class NodeSandbox implements Sandbox {
  readonly id: string;
  private readonly containers = new Set<RuntimeContainer>();
  private readonly pids: PidNamespace | undefined;
  private pause: LinuxProcess | undefined;

  constructor(private readonly kernel: Kernel, readonly options: SandboxOptions, private readonly imageFor: (name: string) => { image: Image; status: ImageStatus }, private readonly program: (key: string) => Executable | undefined) {
    this.id = newId(kernel.random);
    if (options.shareProcesses) {
      this.pids = new PidNamespace();
      this.startPause(this.pids);
    }
  }

  /** Process 1 of a pod that shares its process namespace. */
  private startPause(pids: PidNamespace): void {
    const { kernel, options } = this;
    const { table, bind } = containerMounts(kernel, new Tree(() => kernel.now), [], false);
    const world: World = { kernel, random: kernel.random, hostname: options.hostname, network: options.network, mounts: table, pids, limits: {}, usage: { cpuMicroseconds: 0, memoryBytes: 0 }, privileged: false, sysctls: {}, program: this.program, outOfMemory: () => undefined };
    bind(world);
    this.pause = new LinuxProcess(world, undefined, { argv: ['/pause'], env: {}, cwd: '/', credentials: { uid: 65_535, gid: 65_535, groups: [65_535] }, fds: [] });
  }

  createContainer(options: ContainerOptions): Container {
    const { image, status } = this.imageFor(options.image);
    const container: RuntimeContainer = new RuntimeContainer(
      { kernel: this.kernel, sandbox: this.options, pids: this.pids, image, layers: layersOf(image, this.kernel.now), status, program: this.program, onRemove: () => this.containers.delete(container) },
      options,
    );
    this.containers.add(container);
    return container;
  }

  remove(): void {
    for (const container of [...this.containers]) {
      container.signal('KILL');
      container.remove();
    }
    this.pause?.deliver('KILL', true);
  }
}
