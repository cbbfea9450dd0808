import { AsyncLocalStorage } from 'node:async_hooks'
import { raise } from './rpc-error.ts'

/**
 * A function around a call of any of the four kinds. It reads and sets metadata, may fail the call by throwing, and
 * awaits `next()`, which settles as the rest of the call does: after the one response, or after the last of a stream. It must
 * call `next()` or throw.
 */
export type Interceptor<Call> = (call: Call, next: () => Promise<void>) => Promise<void>

/** An interceptor of this package, which passes on what `next()` returns, and so needs no promise of its own. */
export type Wrapper<Call> = <Result>(call: Call, next: () => Promise<Result>) => Promise<Result>

/** What surrounds every call of a server or a client. */
export interface Pipeline<Call> {
  /** Around the interceptors. */
  wrapper: Wrapper<Call>
  /** The first of them outermost. */
  interceptors: readonly Interceptor<Call>[]
}

/** Runs a call with one response inside its interceptors. */
export function interceptUnary<Call, Response>(
  { wrapper, interceptors }: Pipeline<Call>,
  call: Call,
  run: () => Promise<Response>,
): Promise<Response> {
  if (interceptors.length === 0) return wrapper(call, run)

  return wrapper(call, async () => {
    let response: Response | undefined
    await through(interceptors, call, async () => {
      response = await run()
    })
    return response as Response
  })
}

/** Runs a call that streams its responses inside its interceptors, no faster than the responses are read. */
export async function* interceptStream<Call, Response>(
  { wrapper, interceptors }: Pipeline<Call>,
  call: Call,
  run: () => AsyncIterable<Response>,
): AsyncGenerator<Response, void> {
  const begun = Promise.withResolvers<{ responses: AsyncIterator<Response>; enter: Enter }>()
  const ended = Promise.withResolvers<void>()
  const begin = () => {
    begun.resolve({ responses: run()[Symbol.asyncIterator](), enter: AsyncLocalStorage.snapshot() })
    return ended.promise
  }
  const around = wrapper(call, () => through(interceptors, call, begin))
  around.catch(begun.reject)

  // A generator runs in the async context of its reader, so every step re-enters the context of the call.
  const { responses, enter } = await begun.promise
  const step = () => enter(() => responses.next())
  try {
    for (let next = await step(); !next.done; next = await step()) yield next.value
  } catch (error) {
    ended.reject(error)
  } finally {
    // Where the reader breaks off, this ends the responses, and what that throws is the end of the call.
    await enter(async () => responses.return?.()).then(() => ended.resolve(), ended.reject)
    await around
  }
}

/**
 * The interceptor, which fails a call that it does not pass on, and one that has failed behind it: it may replace the error,
 * but there is no response to succeed with.
 */
export function requireNext<Call extends { path: string }>(interceptor: Interceptor<Call>): Interceptor<Call> {
  return async (call, next) => {
    let rest: Promise<void> | undefined
    await interceptor(call, () => {
      rest = next()
      return rest
    })
    await (rest ?? raise(new Error(`an interceptor of ${call.path} returned without calling next()`)))
  }
}

type Enter = <Result>(run: () => Result) => Result

function through<Call>(
  interceptors: readonly Interceptor<Call>[],
  call: Call,
  last: () => Promise<void>,
  index = 0,
): Promise<void> {
  const first = interceptors[index]
  return first ? first(call, () => through(interceptors, call, last, index + 1)) : last()
}
