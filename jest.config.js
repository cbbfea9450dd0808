/** One configuration for every package: `pnpm -r test` runs it with the package as its root. */
export default {
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['<rootDir>/{src,test,testing,bench}/**/*.test.ts'],
  // A test waits for the thing itself; this only ends one that waits for what never comes.
  testTimeout: 60_000,
  // Most tests wait for other processes, so a core need not be left free.
  maxWorkers: '100%',
  transform: {
    '\\.ts$': ['@swc/jest', { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' } }],
  },
}
