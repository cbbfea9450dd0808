import type { Log } from '@books/runtime'

/** Where rows outlive their use. */
interface Sweepable {
  sweep(now: Date): Promise<void>
}

const everyMs = 60 * 60_000

/** Removes what has ended, every hour. */
export function startSweep(
  stores: readonly Sweepable[],
  { now, log }: { now: () => Date; log: Log },
): { stop(): void } {
  const sweep = async () => {
    for (const store of stores) await store.sweep(now())
  }
  const timer = setInterval(() => {
    sweep().catch((err: unknown) =>
      log.error({ err }, 'what has ended could not be removed; the next try is in an hour'),
    )
  }, everyMs).unref()
  return { stop: () => clearInterval(timer) }
}
