import { type Log, startLeasedWork } from '@books/runtime'
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
export function startOrderRunner({ store, run, log, leaseMs, graceMs }: OrderRunnerOptions): OrderRunner {
  const work = startLeasedWork<Order>({
    name: 'orders',
    leaseDue: (limit) => store.leaseDue(limit, leaseMs),
    renew: (leases) => store.renew(leases, leaseMs),
    begin: (order) => void turn(order).catch((err: unknown) => logUnwritten(order, err)),
    ...{ log, leaseMs, graceMs },
    // Apart from those that are being placed.
    concurrency: 16,
    pollMs: 1_000,
  })

  function turn(order: Order, lines?: readonly OrderLine[]): Promise<Order> {
    if (order.lease === null) throw new TypeError('the order is not leased')
    return work.run(order.lease, (signal) => run(order, signal, lines))
  }

  function logUnwritten({ id }: Order, err: unknown): void {
    log.warn({ order: id, err }, 'the result of a step was not written: the step is repeated')
  }

  return { wake: work.wake, run: turn, stop: work.stop }
}
