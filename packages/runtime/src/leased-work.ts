import { AsyncLocalStorage } from 'node:async_hooks'
import type { Log } from './log.ts'

/** What a process does while it holds leases on rows of a database that several processes share. */
export interface LeasedWorkOptions<Item> {
  /** What the items are, for the log, such as `orders`. */
  name: string
  /** Leases items that are due. Several processes never lease the same one. */
  leaseDue(limit: number): Promise<readonly Item[]>
  /** Extends leases, and resolves to those that are still held. */
  renew(leases: readonly string[]): Promise<readonly string[]>
  /** Works on a leased item, by `run`. */
  begin(item: Item): void
  log: Log
  /** The most items at a time. */
  concurrency: number
  /** How long the item of a process that died stays its own. The leases of running items are renewed. */
  leaseMs: number
  /** How often to look for items that other processes left, or that are due. */
  pollMs: number
  /** How long a stop waits for running items. */
  graceMs: number
}

/** Work on items that are due, in this process or any other on the same database. */
export interface LeasedWork {
  /** Looks for due items now. */
  wake(): void
  /**
   * Works on an item whose lease this process has, and renews the lease until that ends. The signal aborts when the lease is lost,
   * and when the process stops. Goes on after the call in which it was begun.
   */
  run<Result>(lease: string, work: (signal: AbortSignal) => Promise<Result>): Promise<Result>
  /** Takes no more items, and resolves once the running ones have ended or the grace is over. */
  stop(): Promise<void>
}

/** Works on items as they become due. */
export function startLeasedWork<Item>({
  name,
  leaseDue,
  renew,
  begin,
  log,
  concurrency,
  leaseMs,
  pollMs,
  graceMs,
}: LeasedWorkOptions<Item>): LeasedWork {
  const running = new Map<string, { abort: AbortController; ended: Promise<unknown> }>()
  // An item goes on where the call that began it has ended, so its statements and calls must not inherit that.
  const outsideOfCalls = AsyncLocalStorage.snapshot()
  let woken = Promise.withResolvers<void>()
  let isStopping = false
  let hasStopped = false
  let mayBeMore = false
  let isFailing = false

  function run<Result>(lease: string, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const abort = new AbortController()
    const ended = outsideOfCalls(() => work(abort.signal)).finally(() => {
      running.delete(lease)
      // Several at a time, as each look for items is a query.
      if (mayBeMore && running.size <= concurrency / 2) woken.resolve()
    })
    running.set(lease, { abort, ended })
    return ended
  }

  async function takeDue(): Promise<void> {
    const free = concurrency - running.size
    if (free <= 0) return
    const items = await leaseDue(free)
    mayBeMore = items.length === free
    isFailing = false
    // Those of an answer that came too late are left until their leases end.
    if (!hasStopped) for (const item of items) begin(item)
  }

  async function work(): Promise<void> {
    while (!isStopping) {
      // Before the query: what becomes due meanwhile wakes it again.
      woken = Promise.withResolvers()
      await takeDue().catch((err: unknown) => {
        if (!isFailing) log.warn({ err }, `${name} that are due cannot be read; trying again`)
        isFailing = true
      })
      const timer = setTimeout(woken.resolve, pollMs)
      if (!isStopping) await woken.promise
      clearTimeout(timer)
    }
  }

  async function renewLeases(): Promise<void> {
    const leases = [...running.keys()]
    if (leases.length === 0) return
    const held = await renew(leases)
    for (const lease of leases.filter((each) => !held.includes(each))) {
      running.get(lease)?.abort.abort(new Error('its lease was lost'))
    }
  }

  // What fails here is tried again by the next turn.
  const renewing = setInterval(() => void renewLeases().catch(() => {}), leaseMs / 3)
  const working = work()

  async function stop(): Promise<void> {
    isStopping = true
    woken.resolve()
    const graceOver = Promise.withResolvers<void>()
    const timer = setTimeout(graceOver.resolve, graceMs)
    const ended = working.then(() => Promise.allSettled([...running.values()].map((one) => one.ended)))
    // They may wait for a database that does not answer.
    await Promise.race([ended, graceOver.promise])
    clearTimeout(timer)
    hasStopped = true
    for (const { abort } of running.values()) abort.abort(new Error('the process stops'))
    clearInterval(renewing)
  }

  let stopping: Promise<void> | undefined
  return { wake: () => woken.resolve(), run, stop: () => (stopping ??= stop()) }
}
