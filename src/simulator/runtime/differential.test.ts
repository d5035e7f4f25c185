import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createKernel, utf8Decode } from '../kernel';
import { createNetwork } from '../network';
import { busyboxUserland, createHost, outputOf } from './index';

interface Golden {
  readonly script: string;
  readonly stdout: string;
  readonly code: number;
}

/** What our shell prints and gives for a script, run in a world of its own. */
function run(script: string): Omit<Golden, 'script'> {
  const kernel = createKernel();
  const host = createHost({ kernel, name: 'box', base: busyboxUserland, network: createNetwork({ kernel }).addHost('box', '10.0.0.9'), home: '/w' });
  const process = kernel.spawn('script', outputOf(host.run(['sh', '-c', script], { env: { HOME: '/root' } })), null);
  kernel.run({ until: () => process.state !== 'running', to: kernel.now + 60_000_000 });
  return { stdout: utf8Decode(process.value.stdout), code: process.value.code };
}

/** Recorded from Debian's busybox 1.35 (busybox-static): what each script printed on standard output, and its exit code. */
test.each(['shell/testdata/generated.json', 'shell/testdata/errors.json', 'shell/testdata/language.json', 'commands/testdata/text.json'])('scripts of %s do what busybox does', (file) => {
  const goldens = JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as Golden[];
  expect(goldens.length).toBeGreaterThan(20);
  const different = goldens.map(({ script, stdout, code }) => ({ script, expected: { stdout, code }, got: run(script) })).filter(({ expected, got }) => expected.stdout !== got.stdout || expected.code !== got.code);
  expect(different).toEqual([]);
});
