import type { Image } from '../../interface';
import { busyboxUserland } from '../userlands';

/** docker.io/library/busybox: a shell and its commands. */
export const busyboxImage: Image = {
  repository: 'docker.io/library/busybox',
  tags: ['latest', 'stable', '1', '1.36', '1.36.1', '1.37', '1.37.0', '1.35', '1.35.0', '1.34', '1.34.1', '1.33', '1.32', '1.31', '1.30', '1.29', '1.28', '1.28.4', 'glibc', 'musl', 'uclibc'],
  sizeBytes: 2_211_000,
  cmd: ['sh'],
  env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
  programs: {},
  base: busyboxUserland,
};

/** The same as Kubernetes' own tests name it. */
export const e2eBusyboxImage: Image = { ...busyboxImage, repository: 'registry.k8s.io/e2e-test-images/busybox', tags: ['1.37.0-1', '1.36.1-1', '1.29-4', '1.29-2'] };
