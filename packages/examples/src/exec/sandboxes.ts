import { setTimeout } from 'node:timers/promises'
import type { Log } from '@books/runtime'
import { createLending } from './lending.ts'
import type { Outcome, Sandbox } from './sandbox.ts'

/** Several sandboxes, with a queue before them. */
export interface Sandboxes {
  /**
   * Runs a snippet in the next sandbox that is free. Once the signal aborts it waits no longer, or its run is ended. Fails
   * with RESOURCE_EXHAUSTED where too many wait.
   */
  run(source: string, signal: AbortSignal): Promise<Outcome>
  /** Ends what runs, and every thread. */
  stop(): Promise<void>
}

/** What sandboxes are started with. */
export interface SandboxesOptions {
  /** Starts one. */
  start: () => Promise<Sandbox>
  /** How many snippets run at a time. */
  count: number
  /** How many more may wait. */
  mostWaiting: number
  log: Log
  /** How long to wait after a start that failed, in milliseconds. */
  retryMs?: number
}

/** Starts sandboxes. One that ends is replaced. */
export async function startSandboxes(options: SandboxesOptions): Promise<Sandboxes> {
  const { start, count, mostWaiting, log, retryMs = 1_000 } = options
  const lending = createLending<Sandbox>(mostWaiting)
  const running = new Set<Sandbox>()
  const stopping = new AbortController()

  const places = await Promise.all(Array.from({ length: count }, start))
  const kept = places.map(keep)

  async function keep(first: Sandbox): Promise<void> {
    for (let sandbox: Sandbox | undefined = first; sandbox; sandbox = await startAgain()) {
      running.add(sandbox)
      lending.give(sandbox)
      await sandbox.ended
      running.delete(sandbox)
      lending.remove(sandbox)
    }
  }

  async function startAgain(): Promise<Sandbox | undefined> {
    while (!stopping.signal.aborted) {
      try {
        const sandbox = await start()
        if (!stopping.signal.aborted) return sandbox
        await sandbox.stop()
      } catch (err) {
        log.error({ err }, 'a sandbox could not be started')
        await setTimeout(retryMs, undefined, { signal: stopping.signal }).catch(() => {})
      }
    }
    return undefined
  }

  return {
    async run(source, signal) {
      const sandbox = await lending.take(signal)
      try {
        signal.throwIfAborted()
        return await sandbox.run(source, signal)
      } finally {
        if (sandbox.isUsable()) lending.give(sandbox)
      }
    },
    async stop() {
      stopping.abort()
      lending.close()
      await Promise.all([...running].map((sandbox) => sandbox.stop()))
      await Promise.all(kept)
    },
  }
}
