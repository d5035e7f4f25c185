import { defineConfig } from 'vitest/config';

/** What is tried out in a real Chromium, against the course as it was built. One after the other: they share the machine. */
export default defineConfig({
  test: { include: ['tests/browser/**/*.test.ts'], testTimeout: 180_000, hookTimeout: 120_000, fileParallelism: false, maxWorkers: 1 },
});
