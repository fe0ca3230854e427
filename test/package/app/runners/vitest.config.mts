import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    setupFiles: ['runners/setup.mts'],
    include: ['runners/vitest.spec.ts'],
    hookTimeout: 60_000,
    testTimeout: 60_000,
  },
});
