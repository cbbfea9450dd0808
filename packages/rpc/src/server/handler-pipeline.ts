import { context } from '@opentelemetry/api'
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
import type { CallObservation } from '../telemetry/call-observation.ts'
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
    wrapper: handle(limit, log),
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

/**
 * Handles a call within the limit, observed by telemetry, and as the current call of what it runs. Logs an error that is no
 * `RpcError` once, and answers INTERNAL without its text. One function for all of this: promises are most of what a call costs here.
 */
function handle(limit: ConcurrencyLimit, log: Log): Wrapper<ServerCall> {
  return async (call, next) => {
    const observation = observeServerCall(call)
    let end: (() => void) | undefined
    let failure: RpcError | undefined
    try {
      end = limit(call)
      return await within(observation, () => currentCall.run(call, next))
    } catch (error) {
      const isExpected = error instanceof RpcError || (call.failure && isCausedBy(call.failure, error))
      if (!isExpected) within(observation, () => logFailure(call, error, log))
      failure = call.failure ?? (error instanceof RpcError ? error : internalError(error))
      throw failure
    } finally {
      end?.()
      // A handler may complete after its call was aborted, when its response is no longer sent.
      observation?.end(failure ?? call.failure)
    }
  }
}

function within<Result>(observation: CallObservation | undefined, run: () => Result): Result {
  return observation ? context.with(observation.context, run) : run()
}

function logFailure({ path }: ServerCall, error: unknown, log: Log): void {
  log.error({ err: error, method: path, traceId: activeTraceId() }, 'the handler failed')
}

function internalError(cause: unknown): RpcError {
  return new RpcError(Status.INTERNAL, 'Internal error', { cause })
}

/** Whether an error is how Node reports that the signal of the aborted call has aborted. */
function isCausedBy(failure: RpcError, error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.cause === failure)
}
