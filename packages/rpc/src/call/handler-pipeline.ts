import { activeTraceId, observeServed } from '../telemetry/telemetry.ts'
import { type Call, type ServedCall, servedCall } from './call.ts'
import { type Interceptor, interceptMany, interceptOne } from './interceptor.ts'
import type { Log } from './log.ts'
import { RpcError, Status } from './rpc-error.ts'
import { requireReadable } from './safe-deserialize.ts'
import type { Route } from './service.ts'

/** A function around each call that a server answers. */
export type ServerInterceptor = Interceptor<Call>

/** What surrounds every handler of a server, outermost first. */
export type Surroundings = readonly Interceptor<ServedCall>[]

/** What a server puts around every handler: its own behaviour, then what the service adds. */
export function surroundingsOf(log: Log, added: readonly ServerInterceptor[] = []): Surroundings {
  return [observeServed, carryCall, hideFaults(log), ...added]
}

/** Runs a handler that gives one answer. Rejects with an `RpcError` only. */
export function answerOne({ handler }: Route, input: unknown, call: ServedCall, surroundings: Surroundings) {
  return interceptOne(surroundings, call, () => handler(requireReadable(input), call) as Promise<unknown>)
}

/** Runs a handler that streams its answers, no faster than they are taken. Throws `RpcError` only. */
export function answerMany({ handler }: Route, input: unknown, call: ServedCall, surroundings: Surroundings) {
  return interceptMany(surroundings, call, () => handler(requireReadable(input), call) as AsyncIterable<unknown>)
}

/** Lets the calls that a handler makes inherit from the one it answers. */
const carryCall: Interceptor<ServedCall> = (call, next) => servedCall.run(call, next)

/** Tells callers what they may know: a fault of ours is logged here, once, and its text goes no further. */
function hideFaults(log: Log): Interceptor<ServedCall> {
  return async (call, next) => {
    try {
      await next()
    } catch (error) {
      if (call.failure) throw call.failure
      if (error instanceof RpcError) throw error
      log.error({ err: error, method: call.path, traceId: activeTraceId() }, 'the handler failed')
      throw new RpcError(Status.INTERNAL, 'Internal error', { cause: error })
    }
  }
}
