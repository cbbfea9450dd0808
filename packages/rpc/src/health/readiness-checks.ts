import { setTimeout as pause } from 'node:timers/promises'
import type { Log } from '../call/log.ts'
import type { Health } from './health.ts'

/**
 * Finds out whether something that a server cannot work without is there: resolves if it is, rejects if not. `signal` aborts
 * once the answer comes too late. A need is looked at again only after this has settled.
 */
export type ReadinessCheck = (signal: AbortSignal) => Promise<unknown>

/** What a server cannot work without, by the names that the log uses. */
export type ReadinessChecks = Readonly<Record<string, ReadinessCheck>>

/** The pause between two looks at a need, and how long a look may take, in milliseconds. */
export interface ReadinessPolling {
  everyMs: number
  withinMs: number
}

/** Lets the health of a server follow what it needs, until the signal aborts. */
export function followReadinessChecks(
  readinessChecks: ReadinessChecks,
  health: Health,
  log: Log,
  readinessPolling: ReadinessPolling,
  stopped: AbortSignal,
): void {
  for (const [name, need] of Object.entries(readinessChecks)) {
    let wasMet: boolean | undefined
    const tell: Tell = (isMet, reason) => {
      if (stopped.aborted || isMet === wasMet) return
      wasMet = isMet
      health.setNeed(name, isMet)
      if (isMet) log.info({ need: name }, 'a need is met')
      else log.error({ need: name, err: reason }, 'not ready: a need is not met')
    }
    void follow(need, readinessPolling, stopped, tell)
  }
}

type Tell = (isMet: boolean, reason?: unknown) => void

async function follow(
  need: ReadinessCheck,
  { everyMs, withinMs }: ReadinessPolling,
  stopped: AbortSignal,
  tell: Tell,
): Promise<void> {
  while (!stopped.aborted) {
    await probe(need, withinMs, stopped, tell)
    await pause(everyMs, undefined, { signal: stopped }).catch(() => {})
  }
}

/** Looks at a need once. One that does not answer in time counts as not met before it has settled. */
async function probe(need: ReadinessCheck, withinMs: number, stopped: AbortSignal, tell: Tell): Promise<void> {
  const giveUp = new AbortController()
  const giveUpAs = (reason: Error) => {
    tell(false, reason)
    giveUp.abort(reason)
  }
  const stop = () => giveUpAs(new Error('the server stops'))
  const timer = setTimeout(() => giveUpAs(new Error(`no answer within ${withinMs} ms`)), withinMs)
  stopped.addEventListener('abort', stop)

  try {
    await need(giveUp.signal)
    if (!giveUp.signal.aborted) tell(true)
  } catch (reason) {
    tell(false, reason)
  } finally {
    clearTimeout(timer)
    stopped.removeEventListener('abort', stop)
  }
}
