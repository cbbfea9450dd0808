import type { IncomingHttpHeaders } from 'node:http2'
import { maxTimerMs } from '../call/max-timer.ts'

const name = 'grpc-timeout'
const longest: Record<string, number> = {
  H: Math.floor(maxTimerMs / 3_600_000),
  M: Math.floor(maxTimerMs / 60_000),
  S: Math.floor(maxTimerMs / 1_000),
}
// Most timeouts: milliseconds and less of any amount.
const fine = /^\d{1,8}[mun]$/

/**
 * Shortens the timeout of a call to the longest that grpc-js supports, 24.8 days: a longer one would end the call at once. One that
 * is malformed, of which grpc-js would use the part that it understands, fails the call with INTERNAL.
 */
export function limitTimeout(headers: IncomingHttpHeaders): void {
  const timeout = headers[name]
  if (timeout === undefined || fine.test(String(timeout))) return
  const [, amount, unit = ''] = /^(\d{1,8})([HMS])$/.exec(String(timeout)) ?? []
  if (amount === undefined) headers[name] = 'malformed'
  else if (Number(amount) > Number(longest[unit])) headers[name] = `${longest[unit]}${unit}`
}
