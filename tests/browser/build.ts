import { spawnSync } from 'node:child_process';

/** Before all: builds the course unless ./build is what its sources make. COURSE_BUILD names another, finished one. */
export default function build(): void {
  if (process.env['COURSE_BUILD'] !== undefined) return;
  const { status } = spawnSync(process.execPath, ['tools/start/start.mjs', '--build-only'], { stdio: 'inherit' });
  if (status !== 0) throw new Error('the course does not build');
}
