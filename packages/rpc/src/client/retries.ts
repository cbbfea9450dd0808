import type { Method } from '../call/service.ts'
import { failureOf } from './call-failure.ts'
import type { Transport } from './transport.ts'
import type { Connectivity } from './wait-for-ready.ts'

/** What decides whether a call waits, and whether it is made again. */
export interface RetrySettings {
  connectivity: Connectivity
  /** The paths of the methods that are safe to retry. */
  readOnly: readonly string[]
}

// A connection that ends refuses all calls for which it had no room yet, so a burst of calls may be refused by several
// connections in a row. In each attempt grpc-js retries a refused call once by itself, where it still has the message.
const maxAttemptsWhenRefused = 10

/**
 * A transport whose calls wait for a connection, and are made again where no server responded to them. gRPC's own retries
 * (see `service-config.ts`) do not cover this: they stop after some failures in a row, and a server that dies with dozens
 * of calls is that many at once; and they need the message, of which grpc-js buffers 16 MiB for all calls together.
 *
 * A call that was not sent or that was refused is made again whatever it does: a transparent retry (gRFC A6). One whose
 * connection was lost is made again if its method is read-only, within a budget of a tenth of the calls that succeeded, so
 * that a server that never responds sees no more calls. A call that streams its requests is made once: they are gone.
 */
export function withRetries(transport: Transport, { connectivity, readOnly }: RetrySettings): Transport {
  const paths = new Set(readOnly)
  const budget = createRetryBudget({ perSuccess: 0.1, max: 500 })

  function mayRetry({ path, requestStream }: Method, error: unknown, attempts: number): boolean {
    if (requestStream || connectivity.isDown()) return false
    const failure = failureOf(error)
    if (failure === 'refused') return attempts < maxAttemptsWhenRefused
    return failure === 'not sent' || (failure === 'connection lost' && paths.has(path) && budget.spend())
  }

  return {
    ...transport,
    async unary(method, input, call) {
      for (let attempts = 1; ; attempts++) {
        const ready = connectivity.waitForReady(call)
        if (ready) await ready
        try {
          const response = await transport.unary(method, input, call)
          budget.earn()
          return response
        } catch (error) {
          if (!mayRetry(method, error, attempts)) throw error
        }
      }
    },
    async *stream(method, input, call) {
      for (let attempts = 1, hasResponded = false; ; attempts++) {
        const ready = connectivity.waitForReady(call)
        if (ready) await ready
        try {
          for await (const response of transport.stream(method, input, call)) {
            hasResponded = true
            yield response
          }
          budget.earn()
          return
        } catch (error) {
          if (hasResponded || !mayRetry(method, error, attempts)) throw error
        }
      }
    },
  }
}

interface RetryBudget {
  /** Adds the share of a call that succeeded. */
  earn(): void
  /** Takes one retry from the budget; false if there is none. */
  spend(): boolean
}

function createRetryBudget({ perSuccess, max }: { perSuccess: number; max: number }): RetryBudget {
  let tokens = 0
  return {
    earn() {
      tokens = Math.min(tokens + perSuccess, max)
    },
    spend() {
      if (tokens < 1) return false
      tokens -= 1
      return true
    },
  }
}
