import { defineConfig } from 'vitest/config';

/** Unit tests stand beside the code; what crosses several folders stands in tests/. */
export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'labs/**/*.test.ts', 'tests/**/*.test.ts'],
    exclude: ['tests/browser/**', 'node_modules/**'],
    testTimeout: 30_000,
    pool: 'threads',
    maxWorkers: 2,
  },
});
