import { performance } from 'node:perf_hooks'
import type { CallOptions, RpcError } from '@books/rpc'
import type { Log } from '@books/runtime'
import { LRUCache } from 'lru-cache'
import type { Settings } from '../settings.ts'
import { limitByAnswer, limitByRest } from './answer-lifetime.ts'
import { measureBackend } from './backend-metrics.ts'
import { createCircuitBreaker, isRequestError } from './circuit-breaker.ts'

/** What a backend answered, or what takes the place of an answer. */
export interface Answer<Value> {
  /** Undefined where the backend did not answer and nothing is cached. */
  value: Value | undefined
  /** The backend's name, where it did not answer and the value is cached or missing for that reason. */
  fallback: string | undefined
}

/** How answers are cached and failing backends are tried; see the settings. */
export type BackendSettings = Pick<Settings, 'FRESH_MS' | 'STALE_MS' | 'REST_MS' | 'REMEMBERED_ANSWERS'>

/** How long a backend is waited for, in milliseconds. */
export interface Deadlines {
  /** For the main content of a page; the deadline of every call. */
  pageMs: number
  /** For secondary content. Its call goes on, so that a later page has the answer. */
  secondaryMs: number
}

/** A service behind a cache and a circuit breaker. Asking it never rejects because the service is unavailable. */
export interface Backend {
  readonly name: string
  /** The deadline of a call. */
  readonly deadlineMs: number
  /**
   * Answers from the cache, or makes the call. Concurrent calls with the same key are one. While the circuit breaker is
   * open, cached answers are given at once, and a single call in the background tries the service.
   * Rejects with the `RpcError` of a service that answers that the request is wrong or names nothing that exists.
   */
  ask<Value extends object>(key: string, call: () => Promise<Value>, options?: AskedOptions): Promise<Answer<Value>>
  /** Makes a call to the service through the circuit breaker. */
  fire<Value>(call: () => Promise<Value>): Promise<Value>
  /** Whether the circuit breaker is open. */
  isFailing(): boolean
  /** Stops the timers. */
  close(): void
}

interface Cached {
  /** What the service answered, or that the request is wrong. */
  outcome: object | RpcError
  /** When, by `performance.now`. */
  at: number
}

type Call = () => Promise<object>

// What is asked after another answer is waited for at least so long: a service that answers at once is not left out because another was late.
const leastSecondaryMs = 25

/** Creates the cache and the circuit breaker of a service. */
export function createBackend(
  name: string,
  { pageMs, secondaryMs, ...settings }: BackendSettings & Deadlines,
  log: Log,
): Backend {
  const { FRESH_MS, STALE_MS, REST_MS, REMEMBERED_ANSWERS } = settings
  const breaker = createCircuitBreaker(name, REST_MS, log)
  const leastMs = Math.min(leastSecondaryMs, secondaryMs)
  const isResting = () => breaker.isOpen() && !breaker.allowsCall()
  const metrics = measureBackend(name, breaker.isOpen)
  const cache = new LRUCache<string, Cached, Call>({
    max: REMEMBERED_ANSWERS,
    fetchMethod: async (_key, _cached, { context }) => ({ outcome: await outcomeOf(context), at: performance.now() }),
    allowStaleOnFetchRejection: true,
    // An answer whose entry was evicted while it was under way is still an answer.
    ignoreFetchAbort: true,
  })

  return {
    name,
    deadlineMs: pageMs,
    async ask<Value extends object>(
      key: string,
      call: () => Promise<Value>,
      { isSecondary = false, isUncached = false, since }: AskedOptions = {},
    ) {
      const cached = isUncached ? undefined : cache.get(key)
      const ageMs = cached ? performance.now() - cached.at : Number.POSITIVE_INFINITY
      if (ageMs < FRESH_MS) return answerOf<Value>(cached)

      const isFailing = breaker.isOpen()
      if (!breaker.allowsCall()) return answerOf(cached, name)
      const fetched = isUncached ? answered(call) : cache.fetch(key, { context: call, forceRefresh: true })
      // The call goes on in the background. When it fails, `fetched` resolves to what was cached before.
      if (isFailing || ageMs < STALE_MS) return answerOf(cached, isFailing ? name : undefined)

      const waitedMs = since === undefined ? 0 : performance.now() - since
      const found = await (isSecondary ? within(Math.max(secondaryMs - waitedMs, leastMs), fetched, cached) : fetched)
      return answerOf(found, found === cached ? name : undefined)
    },
    fire: breaker.fire,
    isFailing: breaker.isOpen,
    close() {
      metrics.stop()
      breaker.close()
    },
  }

  function answerOf<Value>(cached: Cached | undefined, fallback?: string): Answer<Value> {
    if (cached && fallback === undefined)
      limitByAnswer({ freshUntilMs: cached.at + FRESH_MS, staleUntilMs: cached.at + STALE_MS })
    else limitByRest(isResting)
    const isRejection = isRequestError(cached?.outcome)
    // That the request is wrong, or names nothing that exists, is an answer, too.
    if (fallback === undefined || isRejection) metrics.count('fresh')
    else metrics.count(cached ? 'remembered' : 'none')
    if (isRejection) throw cached?.outcome
    return { value: cached?.outcome as Value | undefined, fallback }
  }
}

/** How a method of a backend is asked. */
export interface AskOptions {
  /** For content that a page can do without: a request that the service finds wrong has no value, and does not reject. */
  isOptional?: boolean
  /** For secondary content, which is not waited for as long as the main content; by default what is optional. */
  isSecondary?: boolean
  /** When the page began to wait for secondary content, by `performance.now`: for what is asked after an answer. By default now. */
  since?: number | undefined
  /** For what a form may just have changed: makes a call of its own, whose answer is not cached. */
  isUncached?: boolean
}

type AskedOptions = Pick<AskOptions, 'isSecondary' | 'isUncached' | 'since'>

/** Some methods of a service, answered by its backend. */
export type BackendMethods<Service, Name extends keyof Service> = {
  [Method in Name]: Service[Method] extends (request: infer Request, options?: CallOptions) => Promise<infer Response>
    ? (request: Request, options?: AskOptions) => Promise<Answer<Response>>
    : never
}

/** Makes methods of a service answer through its backend, which caches their answers by their requests. */
export function methodsOf<Service, Name extends keyof Service & string>(
  backend: Backend,
  service: Service,
  names: readonly Name[],
): BackendMethods<Service, Name> {
  const methods = names.map((name) => {
    const method = service[name] as (request: unknown, options: CallOptions) => Promise<object>
    const { deadlineMs } = backend
    const ask = (request: unknown, { isOptional = false, isSecondary = isOptional, ...options }: AskOptions = {}) => {
      const call = () => backend.fire(() => method(request, { deadlineMs }))
      const asked = backend.ask(`${name} ${JSON.stringify(request)}`, call, { isSecondary, ...options })
      return isOptional ? orMissing(backend, asked) : asked
    }
    return [name, ask]
  })
  return Object.fromEntries(methods) as BackendMethods<Service, Name>
}

const restsNever = () => false

/** Has no value where the service finds the request wrong. */
export async function orMissing<Value>({ name }: Backend, asked: Promise<Answer<Value>>): Promise<Answer<Value>> {
  try {
    return await asked
  } catch (error) {
    if (!isRequestError(error)) throw error
    limitByRest(restsNever)
    return { value: undefined, fallback: name }
  }
}

/** Undefined where the service did not answer. */
async function answered(call: Call): Promise<Cached | undefined> {
  try {
    return { outcome: await outcomeOf(call), at: performance.now() }
  } catch {
    return undefined
  }
}

async function outcomeOf(call: Call): Promise<object> {
  try {
    return await call()
  } catch (error) {
    if (isRequestError(error)) return error
    throw error
  }
}

/** What the promise resolves to, or `late` where it takes longer. */
async function within<Value>(ms: number, promise: Promise<Value>, late: Value): Promise<Value> {
  const passed = Promise.withResolvers<Value>()
  const timer = setTimeout(passed.resolve, ms, late)
  try {
    return await Promise.race([promise, passed.promise])
  } finally {
    clearTimeout(timer)
  }
}
