import { setTimeout as pause } from 'node:timers/promises'
import type { ClientCall } from '../call/client-call.ts'
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

// A connection that ends refuses all calls for which it had no room yet. Where they all came back at once, the next one would end
// before it had room for them, too, so each waits for a random time, up to this, which doubles with each attempt. In each attempt
// grpc-js retries a refused call once by itself, where it still has the message.
const firstPauseMs = 10
const longestPauseMs = 1_000

/**
 * A transport whose calls wait for a connection, and are made again where no server responded to them. gRPC's own retries
 * (see `service-config.ts`) do not cover this: they stop after some failures in a row, and a server that dies with dozens
 * of calls is that many at once; and they need the message, of which grpc-js buffers 16 MiB for all calls together.
 *
 * A call that was not sent or that was refused is made again whatever it does, until its deadline: a transparent retry (gRFC
 * A6). One whose connection was lost is made again if its method is read-only, within a budget of a tenth of the calls that
 * succeeded, so that a server that never responds sees no more calls. A call that streams its requests is made once: they are
 * gone.
 */
export function withRetries(transport: Transport, { connectivity, readOnly }: RetrySettings): Transport {
  const paths = new Set(readOnly)
  const budget = createRetryBudget({ perSuccess: 0.1, max: 500 })

  /** Resolves once the call may be made again, and rejects with its error where it may not. */
  async function prepareRetry({ path, requestStream }: Method, call: ClientCall, error: unknown, attempts: number) {
    const failure = failureOf(error)
    if (requestStream || connectivity.isDown()) throw error
    if (failure === 'refused') await pauseAfter(attempts, call)
    else if (failure === 'connection lost' && !(paths.has(path) && budget.spend())) throw error
    else if (failure === undefined) throw error
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
          await prepareRetry(method, call, error, attempts)
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
          if (hasResponded) throw error
          await prepareRetry(method, call, error, attempts)
        }
      }
    },
  }
}

/** Resolves after the pause, with the deadline of the call or its cancellation; grpc-js then gives the call its status. */
async function pauseAfter(attempts: number, { deadline, signal }: ClientCall): Promise<void> {
  const pauseMs = Math.random() * Math.min(firstPauseMs * 2 ** (attempts - 1), longestPauseMs)
  const leftMs = Math.max(deadline - Date.now(), 0)
  await pause(Math.min(pauseMs, leftMs), undefined, signal && { signal }).catch(() => {})
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
