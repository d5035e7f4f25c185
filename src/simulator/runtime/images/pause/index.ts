import { sleep, type Task, hours } from '../../../kernel';
import type { Image, System } from '../../interface';

/** Waits for ever, and reaps whom nobody else waits for. */
function* pause(_system: System): Task<number> {
  for (;;) yield* sleep(hours(24 * 365));
}

/** registry.k8s.io/pause: process 1 of a pod that shares its process namespace. */
export const pauseImage: Image = {
  repository: 'registry.k8s.io/pause',
  tags: ['3.10', '3.10.1', '3.10.2', '3.9', '3.8', 'latest'],
  sizeBytes: 320_000,
  entrypoint: ['/pause'],
  user: '65535:65535',
  programs: { '/pause': pause },
};
