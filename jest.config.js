const { availableParallelism } = require('node:os');

// The AWS SDK warns of Node.js 20 in every worker, which is no news to whoever reads what the tests print.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: '<rootDir>/test/jest/environment.js',
  runtime: '<rootDir>/test/jest/runtime.js',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, sourceMaps: 'inline' }],
  },
  moduleNameMapper: {
    '^lintel/(aws|edge)$': '<rootDir>/patterns/$1/index.ts',
    '^lintel/runtime/edge$': '<rootDir>/lib/runtime/edge/index.ts',
    '^lintel/(pulumi|rules|access|runtime|testing)$': '<rootDir>/lib/$1/index.ts',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/', 'cdk\\.out'],
  // A third of the time a test waits for the processes that it has started.
  maxWorkers: Math.ceil(availableParallelism() * 1.5),
  workerIdleMemoryLimit: '1GB',
  globalSetup: '<rootDir>/test/jest/start.ts',
  globalTeardown: '<rootDir>/test/jest/end.ts',
  setupFiles: ['<rootDir>/test/jest/stack-traces.ts'],
  setupFilesAfterEnv: ['<rootDir>/test/jest/console-guard.ts'],
  testSequencer: '<rootDir>/test/jest/sequencer.js',
  // Ends what hangs, and nothing that a busy machine only holds up.
  testTimeout: 60_000,
};
