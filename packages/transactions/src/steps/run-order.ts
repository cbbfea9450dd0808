import type { Log } from '@books/runtime'
import type { Order, OrderLine } from '../orders/order.ts'
import type { PaymentProvider } from '../payments/payment-provider.ts'
import { countFinished } from './observe-orders.ts'
import { refundStep } from './refund-step.ts'
import type { RefundStore } from './refund-store.ts'
import type { StepContext, Stock } from './step-context.ts'
import { retryDelayMsOf } from './step-delays.ts'
import type { StepResult, StepStore } from './step-store.ts'
import { steps } from './steps.ts'

/** What the steps of orders need. */
export interface RunOrderDeps {
  store: StepStore
  refunds: RefundStore
  listLines(id: string): Promise<readonly OrderLine[]>
  stock: Stock
  payments: PaymentProvider
  /** Tells those who watch an order that it changed. */
  tell(order: Order): void
  wakeOutbox(): void
  now: () => Date
  leaseMs: number
  log: Log
}

/** One turn of an order whose lease this process has. Resolves to what it has become once it waits for something, or nothing is left. */
export type RunOrder = (order: Order, signal: AbortSignal, lines?: readonly OrderLine[]) => Promise<Order>

/**
 * Makes the steps of an order, one after the other, each with its effects first and then one statement that compares and sets the
 * state. A process may end between any two of them: the next turn repeats the step.
 */
export function createRunOrder(deps: RunOrderDeps): RunOrder {
  const { store, now, leaseMs, log } = deps

  async function turn(order: Order, context: StepContext): Promise<Order | undefined> {
    if (order.state === 'captured') return store.confirm(order, now())
    const result: StepResult =
      order.state === 'confirmed'
        ? await refundStep(order, { ...context, refunds: deps.refunds })
        : await steps[order.state](order, context)
    context.signal.throwIfAborted()
    return store.write(order, result, { now: now(), leaseMs })
  }

  return async (leased, signal, knownLines) => {
    let order = leased
    let lines = knownLines
    const listLines = async ({ id }: Order) => (lines ??= await deps.listLines(id))
    const { stock, payments } = deps
    const context: StepContext = { stock, payments, listLines, listUndone: store.listUndone, now, signal }
    try {
      while (order.lease !== null) {
        signal.throwIfAborted()
        const next = await turn(order, context)
        if (next) deps.tell(next)
        // A refund is no end of an order.
        if (next?.next_step_time === null && order.state !== 'confirmed') countFinished(next)
        const current = next ?? (await store.findLeased(order))
        if (!current) return order
        order = { ...current, hint_count: leased.hint_count }
      }
      if (order.state === 'confirmed') deps.wakeOutbox()
    } catch (err) {
      if (signal.aborted) return order
      logFailure(order, err)
      await store.tryAgain(order, retryDelayMsOf(order, Math.random()))
    }
    return order
  }

  /** An order may be tried for as long as another service is away, so not every try is logged. */
  function logFailure({ id, state, attempts }: Order, err: unknown): void {
    const facts = { order: id, state, attempts: attempts + 1, err }
    if (attempts === 2 || attempts % 50 === 49) log.warn(facts, 'a step of an order fails, and is tried again')
    else log.debug(facts, 'a step of an order failed, and is tried again')
  }
}
