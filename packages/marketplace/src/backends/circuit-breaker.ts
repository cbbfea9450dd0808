import { type ClientInterceptor, RpcError, Status } from '@books/rpc'
import type { Log } from '@books/runtime'
import CircuitBreaker from 'opossum'

/** Leaves a service alone that fails, and tries it again after a rest. */
export interface Breaker {
  /** Surrounds each call of the service's client: sees how it ends, and refuses it while the service is left alone. */
  guard: ClientInterceptor
  /** Whether the service is known to fail. */
  isOpen(): boolean
  /** Whether a call would go through: always while the service is well, otherwise one after each rest, to try it. */
  letsThrough(): boolean
  /** Stops the timers. */
  close(): void
}

/** What a healthy service says of a request. Any other error says that the service is in trouble. */
const verdicts: ReadonlySet<Status> = new Set([Status.INVALID_ARGUMENT, Status.NOT_FOUND, Status.OUT_OF_RANGE])

/** Whether a service answered, if only that the request is wrong or that there is no such thing. */
export function isVerdict(error: unknown): error is RpcError {
  return error instanceof RpcError && verdicts.has(error.code)
}

/** A breaker that opens when most of at least five calls of the last two seconds failed. */
export function createBreaker(name: string, restMs: number, log: Log): Breaker {
  const breaker = new CircuitBreaker((call: () => Promise<void>) => call(), {
    name,
    // The deadline of a call ends it.
    timeout: false,
    errorFilter: isVerdict,
    errorThresholdPercentage: 50,
    volumeThreshold: 5,
    // The longer it looks back on good times, the later it notices that they are over.
    rollingCountTimeout: 2_000,
    resetTimeout: restMs,
    // Nobody asks for percentiles, and each failure would sort the times of all recent calls.
    rollingPercentilesEnabled: false,
    enableSnapshots: false,
  })
  tellOf(breaker, name, log)

  return {
    guard: (_call, next) => breaker.fire(next),
    isOpen: () => !breaker.closed,
    letsThrough: () => breaker.closed || breaker.pendingClose,
    close: () => breaker.shutdown(),
  }
}

// One line when the trouble begins and one when it is over, however often the service is tried meanwhile.
function tellOf(breaker: CircuitBreaker, name: string, log: Log): void {
  let isLeftAlone = false
  let reason: string | undefined
  breaker.on('failure', ({ message }) => {
    reason = message
  })
  breaker.on('open', () => {
    if (!isLeftAlone) log.warn({ dependency: name, reason }, 'left alone for a while, as it fails')
    isLeftAlone = true
  })
  breaker.on('close', () => {
    log.info({ dependency: name }, 'asked again, as it answers')
    isLeftAlone = false
  })
}
