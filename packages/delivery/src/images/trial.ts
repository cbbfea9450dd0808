import type { AnyService } from '@books/service'
import { openReadOnlyCalls } from './read-only-calls.ts'

/** How the image of a service is tried. */
export interface Trial {
  /** The port that it serves on. */
  port: number
  /** A program, with its arguments, that checks the health of the service in its container. */
  probe: readonly string[]
  /** Variables that it is started with. */
  env: Readonly<Record<string, string>>
  /** How long it answers calls while it stops. */
  drainMs: number
  /** Makes what is called many times; a call rejects where the answer is not what it should be. */
  open(port: number): Promise<{ call(): Promise<void>; close(): void }>
}

const drainMs = 1_000

/** How the image of a service is tried, by its protocol. */
export function trialOf({ port, protocol }: AnyService): Trial {
  if (protocol === 'grpc')
    return {
      port,
      probe: ['/books/packages/rpc/src/health/probe.js', '127.0.0.1:9090'],
      env: { PROBE_PORT: '9090', DRAIN_MS: String(drainMs) },
      drainMs,
      open: openReadOnlyCalls,
    }
  return {
    port,
    probe: ['--eval', `fetch('http://127.0.0.1:${port}/readyz').then(({ ok }) => process.exit(ok ? 0 : 1))`],
    env: {},
    drainMs: 0,
    async open(publishedPort) {
      return {
        async call() {
          const response = await fetch(`http://127.0.0.1:${publishedPort}/`)
          await response.text()
          if (!response.ok) throw new Error(`status ${response.status}`)
        },
        close() {},
      }
    },
  }
}
