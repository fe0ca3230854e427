import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    setupFiles: ['runners/setup.ts'],
    include: ['runners/vitest.spec.ts'],
    hookTimeout: 60_000,
    testTimeout: 60_000,
  },
});
