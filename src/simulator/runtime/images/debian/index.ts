import type { Image } from '../../interface';
import { debianUserland } from '../userlands';

const debianLike = (repository: string, tags: readonly string[], sizeBytes: number, osRelease?: string): Image => ({
  repository,
  tags,
  sizeBytes,
  cmd: ['bash'],
  env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
  programs: {},
  ...(osRelease ? { files: { '/etc/os-release': osRelease } } : {}),
  base: debianUserland,
});

/** docker.io/library/debian. */
export const debianImage = debianLike('docker.io/library/debian', ['latest', 'bookworm', 'bookworm-slim', '12', '12-slim', 'stable', 'stable-slim', 'bullseye', '11'], 48_500_000);

/** docker.io/library/ubuntu. */
export const ubuntuImage = debianLike('docker.io/library/ubuntu', ['latest', '24.04', 'noble', '22.04', 'jammy', '20.04'], 29_700_000, 'PRETTY_NAME="Ubuntu 24.04.1 LTS"\nNAME="Ubuntu"\nVERSION_ID="24.04"\nID=ubuntu\nID_LIKE=debian\n');
