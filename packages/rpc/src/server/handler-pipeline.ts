import { type Call, currentCall } from '../call/call.ts'
import {
  type Interceptor,
  interceptStream,
  interceptUnary,
  type Pipeline,
  requireNext,
  type Wrapper,
} from '../call/interceptor.ts'
import type { Log } from '../call/log.ts'
import { RpcError, Status } from '../call/rpc-error.ts'
import type { ServerCall } from '../call/server-call.ts'
import type { Route } from '../call/service.ts'
import { activeTraceId, observeServerCall } from '../telemetry/telemetry.ts'
import type { ConcurrencyLimit } from './concurrency-limit.ts'
import { requireDeserialized } from './safe-deserialize.ts'

/** A function around each call that a server handles. */
export type ServerInterceptor = Interceptor<Call>

/** What surrounds every handler of a server. */
export type HandlerPipeline = Pipeline<ServerCall>

/** The pipeline that every server has, with the limit of its calls and the given interceptors. */
export function createHandlerPipeline(
  log: Log,
  limit: ConcurrencyLimit,
  interceptors: readonly ServerInterceptor[] = [],
): HandlerPipeline {
  return {
    wrappers: [observeServerCall, setCurrentCall, handle(limit, log)],
    interceptors: interceptors.map(requireNext<Call>),
  }
}

/** Runs a handler that returns one response. Rejects with an `RpcError` only. */
export function handleUnary({ handler }: Route, input: unknown, call: ServerCall, pipeline: HandlerPipeline) {
  return interceptUnary(pipeline, call, () => handler(requireDeserialized(input), call) as Promise<unknown>)
}

/** Runs a handler that streams its responses, no faster than they are read. Throws `RpcError` only. */
export function handleStream({ handler }: Route, input: unknown, call: ServerCall, pipeline: HandlerPipeline) {
  return interceptStream(pipeline, call, () => handler(requireDeserialized(input), call) as AsyncIterable<unknown>)
}

const setCurrentCall: Wrapper<ServerCall> = (call, next) => currentCall.run(call, next)

/** Handles a call within the limit. Logs an error that is no `RpcError` once, and answers INTERNAL without its text. */
function handle(limit: ConcurrencyLimit, log: Log): Wrapper<ServerCall> {
  return async (call, next) => {
    let end: (() => void) | undefined
    try {
      end = limit(call)
      return await next()
    } catch (error) {
      const isExpected = error instanceof RpcError || (call.failure && isCausedBy(call.failure, error))
      if (!isExpected) log.error({ err: error, method: call.path, traceId: activeTraceId() }, 'the handler failed')
      if (call.failure) throw call.failure
      if (error instanceof RpcError) throw error
      throw new RpcError(Status.INTERNAL, 'Internal error', { cause: error })
    } finally {
      end?.()
    }
  }
}

/** Whether an error is how Node reports that the signal of the aborted call has aborted. */
function isCausedBy(failure: RpcError, error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.cause === failure)
}
