import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { RefundOrderRequest, TransactionsServiceService } from '@books/proto'
import { alreadyExists, failedPrecondition, type Handlers, raise } from '@books/rpc'
import { toOrderMessage } from '../orders/order.ts'
import { isFinal } from '../orders/order-state.ts'
import { refundAmountOf } from '../orders/refund-amount.ts'
import type { Refund } from '../steps/refund-store.ts'
import { answerWithin } from './answer-within.ts'
import type { TransactionsDeps } from './deps.ts'
import { noSuchOrder, requireKey, requireLines, requireOrderId, requireText } from './fields.ts'
import { requireOwnedOrder } from './owned-order.ts'
import { reason, violatedConstraintOf } from './refusals.ts'

const longestReason = 200
const lookEveryMs = 50

type Methods = 'cancelOrder' | 'refundOrder' | 'shipOrder'

/** Changes orders for their owners and for staff. */
export function createChangeMethods({
  stores,
  runner,
  orderChanges,
  now,
  wakeOutbox,
}: TransactionsDeps): Pick<Handlers<typeof TransactionsServiceService>, Methods> {
  async function requireOrder(id: string) {
    return (await stores.orders.find(id)) ?? raise(noSuchOrder())
  }

  /** Accepts a refund, or finds that of the same request. */
  function accept({ key, orderId, lines, reason: why, restock }: RefundOrderRequest): Promise<Refund> {
    const id = requireOrderId(orderId)
    const refund = {
      key: requireKey('key', key),
      wanted: requireLines(lines, { min: 0, maxCopies: 1_000 }),
      reason: requireText('reason', why, longestReason, { min: 0 }),
    }
    const requestHash = createHash('sha256')
      .update(JSON.stringify([id, refund.wanted, refund.reason, restock]))
      .digest()
    return stores.transact(async ({ orders, refunds }) => {
      const locked = (await orders.lock(id)) ?? raise(noSuchOrder())
      const before = await refunds.findByKey(key)
      if (before && !requestHash.equals(before.request_hash)) throw otherRefund()
      if (before) return before
      if (locked.order.state !== 'confirmed')
        throw failedPrecondition('The order is not confirmed', reason('NOT_CONFIRMED'))
      const amount = refundAmountOf(locked.lines, refund.wanted)
      if (!amount) throw failedPrecondition('Fewer copies are left', reason('ALREADY_REFUNDED'))
      await refunds.accept(
        { ...amount, key, orderId: id, requestHash, reason: refund.reason, isRestocked: restock },
        now(),
      )
      return (await refunds.findByKey(key)) ?? raise(otherRefund())
    })
  }

  async function waitForEnd(refund: Refund, signal: AbortSignal): Promise<Refund> {
    let current = refund
    while (current.state === 'pending' && !signal.aborted) {
      await pause(lookEveryMs, undefined, { signal }).catch(() => {})
      current = (await stores.refunds.findByKey(refund.key)) ?? refund
    }
    return current
  }

  return {
    async cancelOrder(request) {
      const { order } = await requireOwnedOrder(stores.orders, request)
      const isCancelled = !isFinal(order.state) && (await stores.changes.cancel(order.id, now()))
      const whole = await requireOrder(order.id)
      if (isCancelled) {
        orderChanges.tell(whole.order)
        runner.wake()
      }
      if (whole.order.state !== 'cancelled') throw failedPrecondition('The order is paid', reason('TOO_LATE'))
      return { order: toOrderMessage(whole) }
    },

    async refundOrder(request, call) {
      const accepted = await accept(request).catch((error: unknown) => {
        throw violatedConstraintOf(error) === 'refunds_pkey' ? otherRefund() : error
      })
      runner.wake()
      const ended = new AbortController()
      const work = waitForEnd(accepted, ended.signal)
      const refund = (await answerWithin(call, work).finally(() => ended.abort())) ?? accepted
      if (refund.state === 'refused') {
        throw failedPrecondition('The payment provider refused the refund', reason('REFUND_REFUSED'))
      }
      const whole = await requireOrder(refund.order_id)
      return {
        order: toOrderMessage(whole),
        amountCents: Number(refund.amount_cents),
        isPending: refund.state === 'pending',
      }
    },

    async shipOrder({ orderId }) {
      const id = requireOrderId(orderId)
      if (await stores.changes.ship(id, now())) wakeOutbox()
      const whole = await requireOrder(id)
      if (whole.order.shipped_at === null) {
        throw failedPrecondition('The order is not confirmed', reason('NOT_CONFIRMED'))
      }
      return { order: toOrderMessage(whole) }
    },
  }
}

function otherRefund() {
  return alreadyExists('Another refund was made under this key')
}
