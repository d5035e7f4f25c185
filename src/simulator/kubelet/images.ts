import { formatDuration } from '../api';
import { BackOff } from './back-off';
import { join, type Kernel, type Process, type Task, type Time } from '../kernel';
import { type ContainerRuntime, ImageError, type ImageStatus } from '../runtime';
import { WaitingError } from './errors';

/** What a pull says to the Pod's events. */
export type PullEvent = (type: 'Normal' | 'Warning', reason: string, message: string) => void;

/** `latest` and no tag at all are pulled always unless the policy says otherwise (the API server has set that already). */
export class ImagePuller {
  private readonly backOff = new BackOff();
  private readonly failures = new Map<string, { message: string; reason: string; at: Time }>();
  private queue: Process | undefined;

  constructor(private readonly kernel: Kernel, private readonly runtime: ContainerRuntime) {}

  /** The image on this node, pulled if the policy asks for it. Throws WaitingError with the reason that the status shows. */
  *ensure(podUid: string, image: string, policy: string, event: PullEvent): Task<ImageStatus> {
    let present: ImageStatus | undefined;
    try {
      present = this.runtime.imageStatus(image);
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      event('Warning', 'InspectFailed', error.message);
      throw new WaitingError(error.reason, error.message);
    }
    if (policy === 'Never' && !present) {
      const message = `Container image "${image}" is not present with pull policy of Never`;
      event('Warning', 'ErrImageNeverPull', message);
      throw new WaitingError('ErrImageNeverPull', message);
    }
    if (present && policy !== 'Always') {
      event('Normal', 'Pulled', `Container image "${image}" already present on machine and can be accessed by the pod`);
      return present;
    }
    const key = `${podUid}/${image}`;
    const failure = this.failures.get(key);
    if (failure && this.backOff.remaining(key, failure.at, this.kernel.now) > 0) {
      event('Normal', 'BackOff', `Back-off pulling image "${image}"`);
      throw new WaitingError('ImagePullBackOff', `Back-off pulling image "${image}": ${failure.reason}: ${failure.message}`);
    }
    return yield* this.pull(key, image, event);
  }

  forget(podUid: string): void {
    this.backOff.forget(`${podUid}/`);
    for (const key of this.failures.keys()) if (key.startsWith(`${podUid}/`)) this.failures.delete(key);
  }

  /** One pull after the other on a node (serializeImagePulls). */
  private *pull(key: string, image: string, event: PullEvent): Task<ImageStatus> {
    const asked = this.kernel.now;
    event('Normal', 'Pulling', `Pulling image "${image}"`);
    const before = this.queue;
    const self = this.kernel.spawn(`pull ${image}`, this.inTurn(before, image), null);
    self.onEnd(() => undefined); // a Pod that is deleted meanwhile leaves nobody who would hear of a failure
    this.queue = self as Process;
    try {
      const { status, started } = yield* join(self);
      const took = (from: Time) => formatDuration(Math.max(1000, Math.round((this.kernel.now - from) / 1000) * 1000));
      event('Normal', 'Pulled', `Successfully pulled image "${image}" in ${took(started)} (${took(asked)} including waiting). Image size: ${status.sizeBytes} bytes.`);
      this.failures.delete(key);
      this.backOff.forget(key);
      return status;
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      event('Warning', 'Failed', `Failed to pull image "${image}": ${error.message}`);
      this.backOff.grow(key, this.kernel.now);
      this.failures.set(key, { message: error.message, reason: error.reason, at: this.kernel.now });
      throw new WaitingError(error.reason, error.message);
    }
  }

  private *inTurn(before: Process | undefined, image: string): Task<{ status: ImageStatus; started: Time }> {
    if (before?.state === 'running') yield (waker) => before.onEnd(() => waker.resolve(undefined));
    const started = this.kernel.now;
    return { status: yield* this.runtime.pullImage(image), started };
  }
}
