import type { Image } from '../../interface';
import { busyboxUserland } from '../userlands';

const release = '3.20.3';

/** docker.io/library/alpine: busybox with a few files of its own. */
export const alpineImage: Image = {
  repository: 'docker.io/library/alpine',
  tags: ['latest', '3', 'edge', '3.16', '3.17', '3.18', '3.19', '3.20', '3.20.3', '3.21', '3.22'],
  sizeBytes: 3_623_000,
  cmd: ['/bin/sh'],
  env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
  programs: {},
  files: {
    '/etc/alpine-release': `${release}\n`,
    '/etc/os-release': `NAME="Alpine Linux"\nID=alpine\nVERSION_ID=${release}\nPRETTY_NAME="Alpine Linux v3.20"\nHOME_URL="https://alpinelinux.org/"\n`,
    '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nbin:x:1:1:bin:/bin:/sbin/nologin\ndaemon:x:2:2:daemon:/sbin:/sbin/nologin\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n',
  },
  base: busyboxUserland,
};
