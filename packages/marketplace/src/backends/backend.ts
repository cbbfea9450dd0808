import { performance } from 'node:perf_hooks'
import type { ClientInterceptor, RpcError } from '@books/rpc'
import type { Log } from '@books/runtime'
import { LRUCache } from 'lru-cache'
import type { Settings } from '../settings.ts'
import { createBreaker, isVerdict } from './circuit-breaker.ts'

/** What the shop knows when it has asked a service. */
export interface Answer<Value> {
  /** Undefined where the service did not answer and the shop remembers nothing. */
  value: Value | undefined
  /** Whether this is what the shop falls back on, because the service did not answer. */
  isFallback: boolean
}

/** What was asked for, or nothing where the service finds the request wrong: for what a page can do without. */
export async function orNone<Value>(asked: Promise<Answer<Value>>): Promise<Answer<Value>> {
  try {
    return await asked
  } catch (error) {
    if (!isVerdict(error)) throw error
    return { value: undefined, isFallback: true }
  }
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
  /** Whether the service is known to fail. */
  isTroubled(): boolean
  /** Belongs around every call of the service's client: what is known of the service comes from here. */
  guard: ClientInterceptor
  /** Stops the timers. */
  close(): void
}

interface Remembered {
  /** What the service answered, or that the request is wrong. */
  outcome: object | RpcError
  /** When, by `performance.now`. */
  at: number
}

type Call = () => Promise<object>

/** A memory of a service's answers, and a breaker for its calls, which bring their own deadline. */
export function createSource(name: string, settings: SourceSettings, log: Log): Source {
  const { FRESH_MS, STALE_MS, REST_MS, REMEMBERED_ANSWERS } = settings
  const breaker = createBreaker(name, REST_MS, log)
  const memory = new LRUCache<string, Remembered, Call>({
    max: REMEMBERED_ANSWERS,
    fetchMethod: async (_key, _known, { context }) => ({ outcome: await outcomeOf(context), at: performance.now() }),
    // The one known so far, that is, or none.
    allowStaleOnFetchRejection: true,
    // An answer that was crowded out of the memory while it was on its way is still an answer.
    ignoreFetchAbort: true,
  })

  return {
    async ask<Value extends object>(key: string, call: () => Promise<Value>): Promise<Answer<Value>> {
      const known = memory.get(key)
      const ageMs = known ? performance.now() - known.at : Number.POSITIVE_INFINITY
      if (ageMs < FRESH_MS) return answerOf(known, false)

      const isTroubled = breaker.isOpen()
      if (!breaker.letsThrough()) return answerOf(known, true)
      const fetched = memory.fetch(key, { context: call, forceRefresh: true })
      // It goes on by itself, and is remembered. What fails is no rejection but what was known before.
      if (isTroubled || ageMs < STALE_MS) return answerOf(known, isTroubled)

      const found = await fetched
      return answerOf(found, found === known)
    },
    isTroubled: breaker.isOpen,
    guard: breaker.guard,
    close: breaker.close,
  }
}

async function outcomeOf(call: Call): Promise<object> {
  try {
    return await call()
  } catch (error) {
    if (isVerdict(error)) return error
    throw error
  }
}

function answerOf<Value>(remembered: Remembered | undefined, isFallback: boolean): Answer<Value> {
  if (isVerdict(remembered?.outcome)) throw remembered.outcome
  return { value: remembered?.outcome as Value | undefined, isFallback }
}
