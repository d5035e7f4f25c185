import type { Image } from '../../interface';
import { haproxy } from './haproxy';
import { busyboxUserland } from '../userlands';

/** docker.io/library/haproxy. */
export const haproxyImage: Image = {
  repository: 'docker.io/library/haproxy',
  tags: ['latest', 'lts', '2.8', '2.8-alpine', '2.9', '3.0', '3.0-alpine', '3.1', '3.2', '2.6', '2.6.12', '2.6-alpine', '2.4', 'alpine', 'lts-alpine'],
  sizeBytes: 35_000_000,
  entrypoint: ['docker-entrypoint.sh'],
  cmd: ['haproxy', '-f', '/usr/local/etc/haproxy/haproxy.cfg'],
  user: 'haproxy',
  stopSignal: 'USR1',
  env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HAPROXY_VERSION: '2.6.12' },
  programs: { '/usr/sbin/haproxy': haproxy },
  files: {
    '/usr/local/bin/docker-entrypoint.sh': { data: '#!/bin/sh\ncase $1 in -*) set -- haproxy "$@" ;; esac\n[ "$1" != haproxy ] || { shift; set -- haproxy -W -db "$@"; }\nexec "$@"\n', mode: 0o755 },
    '/usr/local/etc/haproxy/': '',
    '/var/lib/haproxy/': { data: '', uid: 99, gid: 99 },
    '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\nhaproxy:x:99:99::/var/lib/haproxy:/bin/false\n',
    '/etc/group': 'root:x:0:\nnogroup:x:65534:\nhaproxy:x:99:\n',
  },
  base: busyboxUserland,
};
