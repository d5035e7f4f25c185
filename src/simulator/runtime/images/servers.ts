import type { Image } from '../interface';
import { agnhostImage } from './agnhost';
import { curlImage } from './curl';
import { haproxyImage } from './haproxy';
import { httpdImage } from './httpd';
import { memcachedImage } from './memcached';
import { nginxImage } from './nginx';
import { nginxExporterImage } from './nginx-exporter';
import { redisImage } from './redis';
import { redisExporterImage } from './redis-exporter';

/** The images of servers and of what talks to them. */
export const serverImages: readonly Image[] = [agnhostImage, curlImage, haproxyImage, httpdImage, memcachedImage, nginxImage, nginxExporterImage, redisImage, redisExporterImage];
