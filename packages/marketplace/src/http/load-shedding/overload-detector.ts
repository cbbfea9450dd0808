import type { Socket } from 'node:net'
import { performance } from 'node:perf_hooks'

/** The clocks of an event loop, in milliseconds. */
export interface LoopTime {
  now(): number
  /** The time that the loop has been idle since the process started. */
  idle(): number
}

/** The clocks of this process. */
export const loopTime: LoopTime = {
  now: () => performance.now(),
  idle: () => performance.nodeTiming.idleTime,
}

/** Counts requests, and detects when there are too many of them. */
export interface OverloadDetector {
  /** Whether a request that arrives now would wait too long. */
  isOverloaded(): boolean
  /** Counts a request that arrived on this connection. */
  arrived(connection: Socket): void
  /** Counts a request whose handler starts. */
  started(): void
  /** Counts a request whose response is ready. */
  ended(): void
}

// Fewer requests are no overload, however long they take: the first pages of a new process are slow.
const minArrived = 20
// Requests that wait for backends, or for their page once these have answered.
const maxRunning = 200

/**
 * Waiting requests cannot be counted: they are on connections that the event loop has not read yet, or has not even accepted.
 * But a loop that keeps up is idle every few milliseconds, so one that has not been idle for `busyMs` is overloaded,
 * unless most requests come on connections that have just been answered, as those have not waited long. Then requests are
 * rejected until the loop is idle, or for another `busyMs`.
 */
export function createOverloadDetector(busyMs: number, time: LoopTime): OverloadDetector {
  let idleMs = 0
  let idleAtMs = 0
  let arrived = 0
  let arrivedAgain = 0
  let running = 0
  let seen = new WeakSet<Socket>()

  function reset(nowMs: number, idleMsNow: number) {
    idleAtMs = nowMs
    idleMs = idleMsNow
    arrived = 0
    arrivedAgain = 0
    seen = new WeakSet()
  }

  return {
    isOverloaded() {
      const [nowMs, idleMsNow] = [time.now(), time.idle()]
      if (idleMsNow !== idleMs || nowMs - idleAtMs >= 2 * busyMs) reset(nowMs, idleMsNow)
      if (arrived < minArrived) return false
      return running >= maxRunning || (nowMs - idleAtMs >= busyMs && arrivedAgain < arrived / 2)
    },
    arrived(connection) {
      arrived++
      if (seen.has(connection)) arrivedAgain++
      else seen.add(connection)
    },
    started() {
      running++
    },
    ended() {
      running--
    },
  }
}
