import { env } from 'node:process'
import config from '../jest.config.js'

// A thousand large calls at once take a slow machine more than a minute.
env.TEST_TIMEOUT_MS ??= '300000'

/** What is slow by nature: other implementations of gRPC, fuzzing, abuse, faults, benchmarks. `pnpm -r test:slow` runs it. */
export default { ...config, testMatch: ['<rootDir>/{test,bench}/**/*.test.ts'] }
