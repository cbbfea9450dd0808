import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Variables } from '../../src/shop.fixture.ts'
import type { RunningDependency } from './running-dependency.fixture.ts'

/** The shop in a process of its own. */
export interface ShopProcess {
  readonly origin: string
  readonly pid: number
  /** Whether the circuit breaker of a dependency was open at a time. */
  wasOpen(dependency: string, at: number): boolean
  /** The log lines of errors. */
  readonly errors: readonly string[]
  /** The number of log lines with a message. */
  countLines(message: string): number
  /** Stops it with SIGTERM, and resolves to its exit code. */
  stop(): Promise<number | null>
}

interface Line {
  time: number
  level: number
  msg: string
  dependency?: string
}

const warn = 40
const error = 50
const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

/** Starts the shop over these dependencies; it listens once this resolves. */
export async function startShop(
  dependencies: readonly RunningDependency[],
  variables: Variables = {},
): Promise<ShopProcess> {
  const addresses = dependencies.flatMap(({ name, port }) => [
    [`${name.toUpperCase()}_HOST`, '127.0.0.1'],
    [`${name.toUpperCase()}_PORT`, port],
  ])
  // Without a port in it, as visitors make the cookies before the shop has one.
  const own = { HOST: '127.0.0.1', PORT: 0, PUBLIC_URL: 'http://localhost', LOG_FORMAT: 'json' }
  const values = { ...Object.fromEntries(addresses), ...own, ...variables }
  const env = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]))
  const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')

  const changes: { dependency: string; at: number; isOpen: boolean }[] = []
  const errors: string[] = []
  const lines = new Map<string, number>()
  const listening = Promise.withResolvers<string>()
  createInterface(child.stdout).on('line', (text) => {
    const { time, level, msg, dependency } = JSON.parse(text) as Line
    if (dependency) changes.push({ dependency, at: time, isOpen: level === warn })
    if (level >= error) errors.push(text)
    lines.set(msg, (lines.get(msg) ?? 0) + 1)
    const origin = /^Server listening at (.*)$/.exec(msg)?.[1]
    if (origin) listening.resolve(origin)
  })
  void exited.then(() => listening.reject(new Error('The shop ended before it listened')))

  return {
    origin: await listening.promise,
    pid: child.pid ?? 0,
    errors,
    countLines: (message) => lines.get(message) ?? 0,
    wasOpen: (dependency, at) =>
      changes.findLast((change) => change.dependency === dependency && change.at <= at)?.isOpen ?? false,
    async stop() {
      child.kill('SIGTERM')
      const [code] = await exited
      return code
    },
  }
}
