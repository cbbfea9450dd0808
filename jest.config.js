import { env, stdout } from 'node:process'
import { fileURLToPath } from 'node:url'

// Workers have no terminal of their own to look at.
env.FORCE_COLOR ??= stdout.isTTY ? '1' : '0'

/** One configuration for every package: `pnpm -r test` runs it with the package as its root. */
export default {
  // Test files are modules of plain Node, which strips the types itself; those of one worker share what they import.
  runner: 'jest-light-runner',
  setupFiles: [fileURLToPath(new URL('jest/setup.js', import.meta.url))],
  testMatch: ['<rootDir>/{src,testing}/**/*.test.ts'],
  reporters: ['default', fileURLToPath(new URL('jest/reporter.js', import.meta.url))],
  transform: {},
  watchman: false,
  // Most tests wait for other processes, so a core need not be left free.
  maxWorkers: '100%',
}
