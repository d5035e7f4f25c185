import type { Image } from '../interface';
import { alpineImage } from './alpine';
import { busyboxImage, e2eBusyboxImage } from './busybox';
import { debianImage, ubuntuImage } from './debian';
import { pauseImage } from './pause';
import { serverImages } from './servers';

/** Everything that the registries of the simulated world hold. */
export const catalogue: readonly Image[] = [alpineImage, busyboxImage, e2eBusyboxImage, debianImage, pauseImage, ubuntuImage, ...serverImages];
