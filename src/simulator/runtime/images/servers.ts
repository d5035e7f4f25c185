import type { Image } from '../interface';
import { curlImage } from './curl';
import { nginxImage } from './nginx';
import { redisImage } from './redis';

/** The images of servers and of what talks to them. */
export const serverImages: readonly Image[] = [curlImage, nginxImage, redisImage];
