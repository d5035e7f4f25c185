import type { Image } from '../../interface';
import { curl } from './curl';
import { busyboxUserland } from '../userlands';

export { curl };

/** docker.io/curlimages/curl. */
export const curlImage: Image = {
  repository: 'docker.io/curlimages/curl',
  tags: ['latest', '8', '8.17.0', '8.16.0', '8.15.0', '8.14.1', '8.12.1', '8.11.1', '8.10.1', '8.9.1', '8.8.0', '8.7.1', '8.6.0', '8.5.0', '8.4.0', '7.88.1', '7.87.0', '7.85.0'],
  sizeBytes: 9_800_000,
  entrypoint: ['/entrypoint.sh'],
  cmd: ['curl'],
  user: 'curl_user',
  env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
  programs: { '/usr/bin/curl': curl },
  files: {
    '/entrypoint.sh': { data: '#!/bin/sh\nset -e\nif [ "${1#-}" != "${1}" ] || [ -z "$(command -v "${1}")" ]; then\n  set -- curl "$@"\nfi\nexec "$@"\n', mode: 0o755 },
    '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\ncurl_user:x:100:101:Linux User,,,:/home/curl_user:/sbin/nologin\n',
    '/etc/group': 'root:x:0:\ncurl_group:x:101:curl_user\n',
    '/home/curl_user/': { data: '', uid: 100, gid: 101 },
  },
  base: busyboxUserland,
};
