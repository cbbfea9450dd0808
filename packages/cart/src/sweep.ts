import type { Log } from '@books/runtime'
import type { CartStore } from './cart-store.ts'

/** What the sweep needs. */
export interface SweepDeps {
  store: Pick<CartStore, 'removeIdle'>
  /** How long a guest's cart may stay as it is. */
  idleMs: number
  now: () => Date
  log: Log
}

const everyMs = 60 * 60_000

/** Removes guests' carts that were not changed for long: at once, and then every hour. */
export function startSweep({ store, idleMs, now, log }: SweepDeps): { stop(): void } {
  const sweep = () => {
    store.removeIdle(new Date(now().getTime() - idleMs)).catch((err: unknown) => {
      log.error({ err }, 'idle carts could not be removed; the next try is in an hour')
    })
  }
  sweep()
  const timer = setInterval(sweep, everyMs).unref()
  return { stop: () => clearInterval(timer) }
}
