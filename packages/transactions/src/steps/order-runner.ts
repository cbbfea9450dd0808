import { AsyncLocalStorage } from 'node:async_hooks'
import type { Log } from '@books/runtime'
import type { Order, OrderLine } from '../orders/order.ts'
import type { RunOrder } from './run-order.ts'
import type { StepStore } from './step-store.ts'

/** How the steps of orders are made. */
export interface OrderRunnerOptions {
  store: StepStore
  run: RunOrder
  log: Log
  /** How long the order of a process that died stays its own. The lease of a running turn is renewed. */
  leaseMs: number
  /** How often to look for orders that other processes left, or that are due. */
  pollMs?: number
  /** The most orders at a time, apart from those that are being placed. */
  concurrency?: number
  /** How long a stop waits for running turns. */
  graceMs: number
}

/** Makes the steps of orders. */
export interface OrderRunner {
  /** Looks for due orders now. */
  wake(): void
  /** Takes a turn of an order whose lease this process has. Goes on after its caller has ended. */
  run(order: Order, lines?: readonly OrderLine[]): Promise<Order>
  /** Takes no more orders, and resolves once the running turns have ended or the grace is over. */
  stop(): Promise<void>
}

/** Makes the steps of orders that are due, in this process or any other on the same database: the sweep of orders. */
export function startOrderRunner({
  store,
  run,
  log,
  leaseMs,
  pollMs = 1_000,
  concurrency = 16,
  graceMs,
}: OrderRunnerOptions): OrderRunner {
  const running = new Map<string, { abort: AbortController; ended: Promise<unknown> }>()
  // A turn goes on where the call that began it has ended, so its statements and calls must not inherit that.
  const outsideOfCalls = AsyncLocalStorage.snapshot()
  let woken = Promise.withResolvers<void>()
  let isStopping = false
  let mayBeMore = false
  let isFailing = false

  function start(order: Order, lines?: readonly OrderLine[]): Promise<Order> {
    const { lease } = order
    if (lease === null) throw new TypeError('the order is not leased')
    const abort = new AbortController()
    const ended = outsideOfCalls(() => run(order, abort.signal, lines)).finally(() => {
      running.delete(lease)
      // Several at a time, as each look for orders is a query.
      if (mayBeMore && running.size <= concurrency / 2) woken.resolve()
    })
    running.set(lease, { abort, ended })
    return ended
  }

  async function takeDue(): Promise<void> {
    const free = concurrency - running.size
    if (free <= 0) return
    const orders = await store.leaseDue(free, leaseMs)
    mayBeMore = orders.length === free
    isFailing = false
    // Those of an answer that came too late are left until their leases end.
    if (isStopping) return
    for (const order of orders) {
      start(order).catch((err: unknown) =>
        log.warn({ order: order.id, err }, 'the result of a step was not written: the step is repeated'),
      )
    }
  }

  async function work(): Promise<void> {
    while (!isStopping) {
      // Before the query: what becomes due meanwhile wakes it again.
      woken = Promise.withResolvers()
      await takeDue().catch((err: unknown) => {
        if (!isFailing) log.warn({ err }, 'orders that are due cannot be read; trying again')
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
    const held = await store.renew(leases, leaseMs)
    for (const lease of leases.filter((each) => !held.includes(each))) {
      running.get(lease)?.abort.abort(new Error('the lease of the order was lost'))
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
    await Promise.race([ended, graceOver.promise])
    clearTimeout(timer)
    clearInterval(renewing)
    for (const { abort } of running.values()) abort.abort(new Error('the process stops'))
  }

  let stopping: Promise<void> | undefined
  return { wake: () => woken.resolve(), run: start, stop: () => (stopping ??= stop()) }
}
