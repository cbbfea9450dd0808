import config from '../jest.config.js'

/** What is slow by nature: other implementations of gRPC, fuzzing, abuse, faults, benchmarks. `pnpm -r test:slow` runs it. */
export default { ...config, testMatch: ['<rootDir>/{test,bench}/**/*.test.ts'] }
