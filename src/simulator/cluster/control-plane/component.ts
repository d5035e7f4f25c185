import { Future, type Task } from '../../kernel';
import type { Image, Program, System } from '../../runtime';

/** Something that runs as long as its container does. */
export interface Running {
  stop(): void;
}

/** A program that starts a component of ours and stops it when it is told to end, or is killed. */
export const componentProgram = (start: (system: System) => Running): Program =>
  function* (system): Task<number> {
    const told = new Future<void>();
    system.onSignal('TERM', () => told.resolve());
    system.onSignal('INT', () => told.resolve());
    const running = start(system);
    try {
      yield* told.wait();
      return 0;
    } finally {
      running.stop();
    }
  };

/** An image that holds one program and nothing else, as the images of the control plane do. */
export function componentImage(repository: string, tag: string, path: string, sizeBytes: number, program: Program): Image {
  return { repository, tags: [tag], sizeBytes, entrypoint: [path], programs: { [path]: program } };
}
