import { type ServedCall, servedCall } from './call.ts'
import type { Log } from './log.ts'
import { RpcError, Status } from './rpc-error.ts'
import type { Route } from './service.ts'

/** Runs a handler that gives one answer. Rejects with an `RpcError` only. */
export async function answerOne({ handler }: Route, input: unknown, call: ServedCall, log: Log): Promise<unknown> {
  try {
    return await servedCall.run(call, handler, input, call)
  } catch (error) {
    throw tellable(error, call, log)
  }
}

/** Runs a handler that streams its answers, no faster than they are taken. Throws `RpcError` only. */
export async function* answerMany({ handler }: Route, input: unknown, call: ServedCall, log: Log) {
  try {
    const answers = servedCall.run(call, () => (handler(input, call) as AsyncIterable<unknown>)[Symbol.asyncIterator]())
    // A generator runs in the context of whoever asks it for more, so every step re-enters the call.
    const step = () => servedCall.run(call, () => answers.next())
    try {
      for (let next = await step(); !next.done; next = await step()) yield next.value
    } finally {
      await servedCall.run(call, async () => answers.return?.())
    }
  } catch (error) {
    throw tellable(error, call, log)
  }
}

// What the caller may know. A fault of ours is logged here, once, and its text goes no further.
function tellable(error: unknown, call: ServedCall, log: Log): RpcError {
  if (call.failure) return call.failure
  if (error instanceof RpcError) return error

  log.error({ err: error, method: call.path }, 'the handler failed')
  return new RpcError(Status.INTERNAL, 'Internal error', { cause: error })
}
