import { RpcError, Status } from '@books/rpc'
import type { Log } from '@books/runtime'
import Opossum from 'opossum'

/** Rejects calls to a backend that fails, and lets one through from time to time to try it. */
export interface CircuitBreaker {
  /** Makes a call and counts how it ends; rejects without making it while calls are rejected. */
  fire<Value>(call: () => Promise<Value>): Promise<Value>
  isOpen(): boolean
  /** Whether `fire` would make a call: always while the breaker is closed, otherwise once after each pause. */
  allowsCall(): boolean
  /** Stops the timers. */
  close(): void
}

const requestErrors: ReadonlySet<Status> = new Set([Status.INVALID_ARGUMENT, Status.NOT_FOUND, Status.OUT_OF_RANGE])

/** Whether a healthy backend answered that the request is wrong, or that what it names does not exist. */
export function isRequestError(error: unknown): error is RpcError {
  return error instanceof RpcError && requestErrors.has(error.code)
}

/** A breaker that opens when more than half of at least five calls of the last two seconds failed. */
export function createCircuitBreaker(name: string, pauseMs: number, log: Log): CircuitBreaker {
  const breaker = new Opossum((call: () => Promise<unknown>) => call(), {
    name,
    // Calls have deadlines.
    timeout: false,
    errorFilter: isRequestError,
    errorThresholdPercentage: 50,
    volumeThreshold: 5,
    // With a longer window a failure after a long time without errors would be noticed later.
    rollingCountTimeout: 2_000,
    resetTimeout: pauseMs,
    // Percentiles are not used, and each failure would sort the times of all recent calls.
    rollingPercentilesEnabled: false,
    enableSnapshots: false,
  })
  logChanges(breaker, name, log)

  return {
    fire: <Value>(call: () => Promise<Value>) => breaker.fire(call) as Promise<Value>,
    isOpen: () => !breaker.closed,
    allowsCall: () => breaker.closed || breaker.pendingClose,
    close: () => breaker.shutdown(),
  }
}

// One line when the backend begins to fail and one when it has recovered, however often it is tried in between.
function logChanges(breaker: Opossum, name: string, log: Log): void {
  let isFailing = false
  let reason: string | undefined
  breaker.on('failure', ({ message }) => {
    reason = message
  })
  breaker.on('open', () => {
    if (!isFailing) log.warn({ dependency: name, reason }, 'circuit breaker opened')
    isFailing = true
  })
  breaker.on('close', () => {
    log.info({ dependency: name }, 'circuit breaker closed')
    isFailing = false
  })
}
