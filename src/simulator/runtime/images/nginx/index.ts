import type { Image } from '../../interface';
import { curl } from '../curl';
import { files } from './files';
import { nginx } from './nginx';
import { debianUserland } from '../userlands';

/** docker.io/library/nginx. */
export const nginxImage: Image = {
  repository: 'docker.io/library/nginx',
  tags: ['latest', 'stable', 'mainline', 'alpine', '1.29', '1.28', '1.27', '1.27.5', '1.27-alpine', '1.26', '1.25', '1.24', '1.23', '1.22', '1.22.1', '1.21', '1.20', '1.19', '1.18', '1.17', '1.16.1', '1.16', '1.15', '1.14.2', '1.14'],
  sizeBytes: 72_200_000,
  entrypoint: [],
  cmd: ['nginx', '-g', 'daemon off;'],
  stopSignal: 'QUIT',
  exposedPorts: ['80/tcp'],
  programs: { '/usr/sbin/nginx': nginx, '/usr/bin/curl': curl },
  files,
  base: debianUserland,
};

/** The same as Kubernetes' own tests name it. */
export const e2eNginxImage: Image = { ...nginxImage, repository: 'registry.k8s.io/e2e-test-images/nginx', tags: ['1.27-0', '1.15-4', '1.14-4'] };
