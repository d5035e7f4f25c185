import type { Image } from '../interface';
import { alpineImage } from './alpine';
import { busyboxImage } from './busybox';
import { debianImage, ubuntuImage } from './debian';
import { pauseImage } from './pause';
import { serverImages } from './servers';

/** Everything that the registries of the simulated world hold. */
export const catalogue: readonly Image[] = [alpineImage, busyboxImage, debianImage, pauseImage, ubuntuImage, ...serverImages];
