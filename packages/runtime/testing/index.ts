import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export { findBrowser, startBrowser } from './browser.ts'
export { createErrorLog } from './error-log.ts'
export { openMemoryDatabase } from './memory-database.ts'
export { findPostgres, type Postgres, startPostgres } from './postgres.ts'
export { type Proxy, startProxy } from './proxy.ts'
export { openRecordedDatabase, type SentStatement } from './recorded-database.ts'
export { createServerDatabase, openServerDatabase, type ServerDatabase } from './server-database.ts'
export { silentLog } from './silent-log.ts'

/** The exit code and the output of a process. */
export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

/** A program under test in a process of its own. */
export interface ProcessUnderTest {
  child: ChildProcess
  ended: Promise<Ended>
  /** Resolves to the first match on stdout; rejects if the process ends without one. */
  prints(pattern: RegExp): Promise<RegExpExecArray>
}

/** Runs a program with this Node and only the given environment, by default in the current folder. */
export function runProcess(
  program: URL,
  env: Record<string, string> = {},
  args: readonly string[] = [],
  // As in jest/setup.js: to optimize WebAssembly costs a short process more than it gains.
  { cwd = process.cwd(), execArgv = ['--liftoff-only'] } = {},
): ProcessUnderTest {
  const { NODE_COMPILE_CACHE } = process.env
  const child = spawn(process.execPath, [...execArgv, fileURLToPath(program), ...args], {
    env: { ...env, ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }) },
    cwd,
  })
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text) => {
      output[name] += text
    })
  }
  const ended = once(child, 'close').then(([code]) => ({ code, ...output }))

  return {
    child,
    ended,
    prints: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(output.stdout)
          if (match) resolve(match)
        }
        look()
        child.stdout.on('data', look)
        child.on('close', () =>
          reject(new Error(`ended without printing ${pattern}:\n${output.stdout}${output.stderr}`)),
        )
      }),
  }
}
