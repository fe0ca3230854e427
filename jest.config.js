/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, sourceMaps: 'inline' }],
  },
  moduleNameMapper: {
    '^lintel/(aws|edge)$': '<rootDir>/patterns/$1/index.ts',
    '^lintel/(pulumi|rules|access|testing)$': '<rootDir>/lib/$1/index.ts',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/', 'cdk\\.out'],
  // Jest leaves one core idle, and so runs everything in one process on two.
  maxWorkers: '100%',
  workerIdleMemoryLimit: '1GB',
  testSequencer: '<rootDir>/test/sequencer.js',
  testTimeout: 20_000,
};
