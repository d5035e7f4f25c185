import { defineConfig } from 'vitest/config';

/** What is tried out in a real Chromium, against the course as it was built. One after the other: they share the machine. */
export default defineConfig({
  test: {
    include: ['tests/browser/**/*.test.ts'],
    globalSetup: ['tests/browser/build.ts'],
    testTimeout: 180_000,
    fileParallelism: false,
    maxWorkers: 1,
    isolate: false,
  },
});
