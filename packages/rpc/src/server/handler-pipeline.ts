import { type Call, currentCall } from '../call/call.ts'
import { type Interceptor, interceptStream, interceptUnary, requireNext } from '../call/interceptor.ts'
import type { Log } from '../call/log.ts'
import { RpcError, Status } from '../call/rpc-error.ts'
import type { ServerCall } from '../call/server-call.ts'
import type { Route } from '../call/service.ts'
import { activeTraceId, observeServerCall } from '../telemetry/telemetry.ts'
import { requireDeserialized } from './safe-deserialize.ts'

/** A function around each call that a server handles. */
export type ServerInterceptor = Interceptor<Call>

/** The interceptors around every handler of a server, outermost first. */
export type HandlerPipeline = readonly Interceptor<ServerCall>[]

/** The interceptors that every server has, followed by the given ones. */
export function createHandlerPipeline(log: Log, interceptors: readonly ServerInterceptor[] = []): HandlerPipeline {
  return [observeServerCall, setCurrentCall, hideInternalErrors(log), ...interceptors.map(requireNext<Call>)]
}

/** Runs a handler that returns one response. Rejects with an `RpcError` only. */
export function handleUnary({ handler }: Route, input: unknown, call: ServerCall, pipeline: HandlerPipeline) {
  return interceptUnary(pipeline, call, () => handler(requireDeserialized(input), call) as Promise<unknown>)
}

/** Runs a handler that streams its responses, no faster than they are read. Throws `RpcError` only. */
export function handleStream({ handler }: Route, input: unknown, call: ServerCall, pipeline: HandlerPipeline) {
  return interceptStream(pipeline, call, () => handler(requireDeserialized(input), call) as AsyncIterable<unknown>)
}

const setCurrentCall: Interceptor<ServerCall> = (call, next) => currentCall.run(call, next)

/** Logs an error that is no `RpcError` once, and answers INTERNAL without its text. */
function hideInternalErrors(log: Log): Interceptor<ServerCall> {
  return async (call, next) => {
    try {
      await next()
    } catch (error) {
      const isExpected = error instanceof RpcError || (call.failure && isCausedBy(call.failure, error))
      if (!isExpected) log.error({ err: error, method: call.path, traceId: activeTraceId() }, 'the handler failed')
      if (call.failure) throw call.failure
      if (error instanceof RpcError) throw error
      throw new RpcError(Status.INTERNAL, 'Internal error', { cause: error })
    }
  }
}

/** Whether an error is how Node reports that the signal of the aborted call has aborted. */
function isCausedBy(failure: RpcError, error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.cause === failure)
}
