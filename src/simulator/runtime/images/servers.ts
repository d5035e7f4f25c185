import type { Image } from '../interface';
import { agnhostImage } from './agnhost';
import { curlImage } from './curl';
import { haproxyImage } from './haproxy';
import { helloImages } from './hello';
import { httpdImage } from './httpd';
import { memcachedImage } from './memcached';
import { e2eNginxImage, nginxImage } from './nginx';
import { nginxExporterImage } from './nginx-exporter';
import { redisImage } from './redis';
import { redisExporterImage } from './redis-exporter';
import { sampleApiServerImage } from './sample-apiserver';

/** The images of servers and of what talks to them. */
export const serverImages: readonly Image[] = [agnhostImage, curlImage, ...helloImages, haproxyImage, httpdImage, memcachedImage, nginxImage, e2eNginxImage, nginxExporterImage, redisImage, redisExporterImage, sampleApiServerImage];
