import { performance } from 'node:perf_hooks'
import { RpcError, Status } from '@books/rpc'
import type { Log } from '@books/runtime'
import { LRUCache } from 'lru-cache'
import CircuitBreaker from 'opossum'
import type { Settings } from '../settings.ts'

/** What the shop knows when it has asked a service. */
export interface Answer<Value> {
  /** Undefined where the service did not answer and the shop remembers nothing. */
  value: Value | undefined
  /** Whether this is what the shop falls back on, because the service did not answer. */
  isFallback: boolean
}

/** How a service is asked; see the settings. */
export type SourceSettings = Pick<Settings, 'FRESH_MS' | 'STALE_MS' | 'REST_MS' | 'REMEMBERED_ANSWERS'>

/** One service that pages are made from. Asking never throws because the service is away. */
export interface Source {
  /**
   * Answers from memory, or makes the call. Calls under the same key at the same time are one. Nobody waits for a service
   * that is known to fail: what is remembered is answered at once while a single call in the background tries it.
   * Rejects with the `RpcError` of a service that answers that the request is wrong or that there is no such thing.
   */
  ask<Value extends object>(key: string, call: () => Promise<Value>): Promise<Answer<Value>>
  /** Whether the service is left alone just now, as it fails. */
  isLeftAlone(): boolean
  /** Stops the timers. */
  close(): void
}

interface Remembered {
  /** What the service answered, or that the request is wrong. */
  outcome: object | RpcError
  at: number
}

type Call = () => Promise<object>

/** What a healthy service says of a request. Anything else says that the service is in trouble. */
const verdicts: ReadonlySet<Status> = new Set([Status.INVALID_ARGUMENT, Status.NOT_FOUND, Status.OUT_OF_RANGE])

/** Surrounds the calls to a service with a memory of its answers and a circuit breaker. The calls bring their deadline. */
export function createSource(name: string, settings: SourceSettings, log: Log): Source {
  const breaker = new CircuitBreaker<[Call], object>(outcomeOf, {
    name,
    // The deadline of a call ends it.
    timeout: false,
    errorThresholdPercentage: 50,
    volumeThreshold: 5,
    resetTimeout: settings.REST_MS,
  })
  breaker.on('open', () => log.warn({ dependency: name }, 'left alone for a while, as it fails'))
  breaker.on('close', () => log.info({ dependency: name }, 'asked again, as it answers'))

  const memory = new LRUCache<string, Remembered, Call>({
    max: settings.REMEMBERED_ANSWERS,
    ttl: settings.FRESH_MS,
    fetchMethod: async (_key, _old, { context }) => ({ outcome: await breaker.fire(context), at: performance.now() }),
    allowStaleOnFetchRejection: true,
    noDeleteOnFetchRejection: true,
    noDeleteOnStaleGet: true,
  })

  return {
    async ask<Value extends object>(key: string, call: () => Promise<Value>): Promise<Answer<Value>> {
      const known = memory.get(key, { allowStale: true })
      const isYoung = known !== undefined && ageOf(known) < settings.STALE_MS
      const fetched = memory.fetch(key, { allowStale: isYoung, context: call }).catch(() => undefined)
      const isTroubled = !breaker.closed
      // Whoever is answered from memory leaves the fetch to itself.
      const found = isTroubled ? known : await fetched

      if (found?.outcome instanceof RpcError) throw found.outcome
      return {
        value: found?.outcome as Value | undefined,
        isFallback: found === undefined || (ageOf(found) >= settings.FRESH_MS && (isTroubled || !isYoung)),
      }
    },
    isLeftAlone: () => !breaker.closed,
    close: () => breaker.shutdown(),
  }
}

async function outcomeOf(call: Call): Promise<object> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof RpcError && verdicts.has(error.code)) return error
    throw error
  }
}

function ageOf({ at }: Remembered): number {
  return performance.now() - at
}
