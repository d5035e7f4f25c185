import type { Image } from '../interface';
import { curlImage } from './curl';
import { haproxyImage } from './haproxy';
import { nginxImage } from './nginx';
import { nginxExporterImage } from './nginx-exporter';
import { redisImage } from './redis';
import { redisExporterImage } from './redis-exporter';

/** The images of servers and of what talks to them. */
export const serverImages: readonly Image[] = [curlImage, haproxyImage, nginxImage, nginxExporterImage, redisImage, redisExporterImage];
