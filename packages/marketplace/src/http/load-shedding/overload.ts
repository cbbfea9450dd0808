import type { Socket } from 'node:net'
import { performance } from 'node:perf_hooks'

/** The time as the event loop sees it, in milliseconds. */
export interface LoopTime {
  now(): number
  /** For how long the loop has slept since the process began. */
  slept(): number
}

/** The time of this process. */
export const loopTime: LoopTime = {
  now: () => performance.now(),
  slept: () => performance.nodeTiming.idleTime,
}

/** Those who are in the shop, and whether there are too many of them. */
export interface Crowd {
  /** Whether whoever comes now would wait too long. */
  isTooLarge(): boolean
  /** Counts somebody who came on this connection. */
  come(connection: Socket): void
  /** Counts somebody for whom the shop begins to work. */
  enter(): void
  /** Counts off somebody whose answer is ready. */
  leave(): void
}

// Fewer are no crowd, however long they take: the first pages of a new process take long.
const few = 20
// So many wait for services, or for their page once those have answered.
const mostInside = 200

/**
 * Visitors queue where nobody can count them: on connections that the event loop has not come to yet, and on those that it
 * has not even accepted, as it takes one a turn. But a loop that keeps up sleeps every few milliseconds, so one that has
 * not slept for `busyMs` does not, unless it works for a few who come again as soon as they are served: who comes twice
 * meanwhile has not waited long. Whoever else comes then is one too many, until it sleeps or has had as long to catch up.
 */
export function createCrowd(busyMs: number, time: LoopTime): Crowd {
  let sleptMs = 0
  let wokeAtMs = 0
  let came = 0
  let cameAgain = 0
  let inside = 0
  let seen = new WeakSet<Socket>()

  function beginAnew(nowMs: number, sleptMsNow: number) {
    wokeAtMs = nowMs
    sleptMs = sleptMsNow
    came = 0
    cameAgain = 0
    seen = new WeakSet()
  }

  return {
    isTooLarge() {
      const [nowMs, sleptMsNow] = [time.now(), time.slept()]
      if (sleptMsNow !== sleptMs || nowMs - wokeAtMs >= 2 * busyMs) beginAnew(nowMs, sleptMsNow)
      if (came < few) return false
      return inside >= mostInside || (nowMs - wokeAtMs >= busyMs && cameAgain < came / 2)
    },
    come(connection) {
      came++
      if (seen.has(connection)) cameAgain++
      else seen.add(connection)
    },
    enter() {
      inside++
    },
    leave() {
      inside--
    },
  }
}
