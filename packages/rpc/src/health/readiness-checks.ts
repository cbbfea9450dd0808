import { setTimeout as pause } from 'node:timers/promises'
import type { Log } from '../call/log.ts'
import type { Health } from './health.ts'

/**
 * Resolves if something that a server cannot work without is available, and rejects if not. `signal` aborts when the check
 * takes too long; the next one starts only after this one has settled.
 */
export type ReadinessCheck = (signal: AbortSignal) => Promise<unknown>

/** Readiness checks, by the names that the log uses. */
export type ReadinessChecks = Readonly<Record<string, ReadinessCheck>>

/** The pause between two runs of a check, and how long a run may take, in milliseconds. */
export interface ReadinessPolling {
  everyMs: number
  withinMs: number
}

interface Polling extends ReadinessPolling {
  health: Health
  log: Log
  stopped: AbortSignal
}

/** Runs each check again and again, and keeps the health of the server up to date, until `stopped` aborts. */
export function pollReadinessChecks(checks: ReadinessChecks, polling: Polling): void {
  for (const [name, check] of Object.entries(checks)) void poll(name, check, polling)
}

async function poll(name: string, check: ReadinessCheck, polling: Polling): Promise<void> {
  const { health, log, everyMs, stopped } = polling
  let passed: boolean | undefined
  const report: Report = (passes, reason) => {
    if (stopped.aborted || passes === passed) return
    passed = passes
    health.setCheck(name, passes)
    if (passes) log.info({ check: name }, 'a readiness check passes')
    else log.error({ check: name, err: reason }, 'not ready: a readiness check fails')
  }

  while (!stopped.aborted) {
    await run(check, report, polling)
    await pause(everyMs, undefined, { signal: stopped }).catch(() => {})
  }
}

type Report = (passes: boolean, reason?: unknown) => void

/** Runs a check once. One that takes too long is reported as failing before it settles. */
async function run(check: ReadinessCheck, report: Report, { withinMs, stopped }: Polling): Promise<void> {
  const ended = new AbortController()
  const abort = (reason: Error) => {
    report(false, reason)
    ended.abort(reason)
  }
  const stop = () => abort(new Error('the server stops'))
  const timer = setTimeout(() => abort(new Error(`no result within ${withinMs} ms`)), withinMs)
  stopped.addEventListener('abort', stop)

  try {
    await check(ended.signal)
    if (!ended.signal.aborted) report(true)
  } catch (reason) {
    report(false, reason)
  } finally {
    clearTimeout(timer)
    stopped.removeEventListener('abort', stop)
  }
}
