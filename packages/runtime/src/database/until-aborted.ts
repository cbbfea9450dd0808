/**
 * A signal that aborts after a time. What has arrived until then is read before, as answers wait in their sockets while the event loop
 * is busy.
 */
export function timeLimit(ms: number): AbortSignal {
  const late = new AbortController()
  const abort = () => late.abort(new Error(`no answer within ${ms} ms`))
  setTimeout(() => setImmediate(abort), ms).unref()
  return late.signal
}

/** Settles as the promise does, or rejects with the reason of the signal when that aborts before. */
export async function untilAborted<Result>(promise: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (!signal) return promise
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(signal.reason)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort)
  try {
    return await Promise.race([promise, aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
