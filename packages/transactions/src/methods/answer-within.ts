import type { Call } from '@books/rpc'

const longestMs = 8_000
// For the answer itself.
const leftMs = 300

/** Resolves like the work, and to undefined once the call has to be answered. The work goes on. */
export async function answerWithin<Result>(call: Call, work: Promise<Result>): Promise<Result | undefined> {
  const late = Promise.withResolvers<undefined>()
  const timer = setTimeout(
    late.resolve,
    Math.max(Math.min(call.deadline - Date.now() - leftMs, longestMs), 0),
    undefined,
  )
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
