import type { Image } from '../../interface';
import { redisCli } from './cli';
import { redisServer } from './redis-server';
import { busyboxUserland } from '../userlands';

/** docker.io/library/redis. */
export const redisImage: Image = {
  repository: 'docker.io/library/redis',
  tags: ['latest', '7', '7-alpine', '7.4', '7.4-alpine', '7.2', '7.2-alpine', '7.0', '7.0.15', '7.0-alpine', '8', '8-alpine', '8.0', '6', '6.2', '6-alpine', '6.2-alpine', '5', '5.0', '5.0.4', 'alpine', 'bookworm'],
  sizeBytes: 41_000_000,
  entrypoint: ['docker-entrypoint.sh'],
  cmd: ['redis-server'],
  workingDir: '/data',
  exposedPorts: ['6379/tcp'],
  env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', REDIS_VERSION: '7.0.15' },
  programs: { '/usr/bin/redis-server': redisServer, '/usr/bin/redis-cli': redisCli },
  files: {
    '/usr/local/bin/docker-entrypoint.sh': {
      data: '#!/bin/sh\ncase $1 in -* | *.conf) set -- redis-server "$@" ;; esac\nif [ "$1" = redis-server ]; then\n  shift\n  case ${1:--} in -*) set -- redis-server --protected-mode no "$@" ;; *) file=$1; shift; set -- redis-server "$file" --protected-mode no "$@" ;; esac\nfi\nexec "$@"\n',
      mode: 0o755,
    },
    '/data/': { data: '', uid: 999, gid: 999 },
    '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\nredis:x:999:999::/home/redis:/bin/sh\n',
    '/etc/group': 'root:x:0:\nnogroup:x:65534:\nredis:x:999:\n',
  },
  base: busyboxUserland,
};
