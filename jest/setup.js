import { enableCompileCache, registerHooks } from 'node:module'
import { env } from 'node:process'
import { setFlagsFromString } from 'node:v8'
import { addEventHandler } from 'jest-circus'

// A test waits for the thing itself; this only ends one that waits for what never comes, on a slow machine, too.
const longestMs = 300_000
// Not the clock of a test that replaces it.
const { setTimeout, clearTimeout } = globalThis

const globals =
  'export const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest, test } = globalThis'

/** Prepares a worker of jest-light-runner, where test files are modules of plain Node. */
export default function setUp() {
  // Every worker, and every process that a test starts, would compile the same modules again.
  const { directory } = enableCompileCache()
  if (directory) env.NODE_COMPILE_CACHE = directory
  // The embedded database does little in a test: to optimize it takes as long as to start it, and half a gigabyte.
  setFlagsFromString('--no-wasm-tier-up')
  setFlagsFromString('--no-wasm-dynamic-tiering')
  // The package itself throws everywhere but in jest's own module system.
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === '@jest/globals'
        ? { url: `data:text/javascript,${globals}`, format: 'module', shortCircuit: true }
        : next(specifier, context),
  })
  // The runner itself lets a test or a hook run for ever.
  addEventHandler((event, { currentDescribeBlock: block }) => {
    if (event.name === 'add_test') limitTime(block.children.at(-1))
    if (event.name === 'add_hook') limitTime(block.hooks.at(-1))
  })
}

function limitTime(entry) {
  const { fn, timeout = longestMs } = entry
  entry.fn = async () => {
    const late = Promise.withResolvers()
    const timer = setTimeout(() => late.reject(new Error(`not over after ${timeout} ms`)), timeout)
    try {
      await Promise.race([fn(), late.promise])
    } finally {
      clearTimeout(timer)
    }
  }
}
