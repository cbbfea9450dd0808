import {
  answeredKeysStay,
  nothingUnexpected,
  oneOrderForEachKey,
  otherRequestsAreRefused,
  sameAnswersUnderOneKey,
} from './answers.ts'
import { orderedLinesLeaveTheCart } from './carts.ts'
import type { Invariant, Run } from './invariant.ts'
import { acknowledgedOrdersExist, finalStatesNeverChange, oneOpenOrderOfACart, ordersBecomeFinal } from './orders.ts'
import { atMostOneCapture, declinedWhereDeclined, moneyAgrees, nothingIsSetAside } from './payments.ts'
import { promotionComesBack, promotionOnce } from './promotions.ts'
import { oneReceiptWhereConfirmed, receiptsArrive } from './receipts.ts'
import { cancelledHoldsNothing, confirmedExactlyWhereSold } from './reservations.ts'
import { copiesAddUp, copiesBelongToOrders, freeIsNeverNegative } from './stock.ts'
import { totalsAgree } from './totals.ts'

/** What must be true of every run, by its name. */
export const invariants = {
  'free copies are never below 0': freeIsNeverNegative,
  'free + held + sold = received': copiesAddUp,
  'held and sold copies belong to orders': copiesBelongToOrders,
  'every order is final within 30 s': ordersBecomeFinal,
  'confirmed exactly where stock is sold': confirmedExactlyWhereSold,
  'a cancelled order holds nothing': cancelledHoldsNothing,
  'at most one capture for an order': atMostOneCapture,
  'captured − refunded = total where confirmed, else 0': moneyAgrees,
  'no money is set aside for an order that is over': nothingIsSetAside,
  'declined only where the provider declined': declinedWhereDeclined,
  'total = frozen lines − promotion, as it was shown': totalsAgree,
  'one receipt exactly where confirmed': oneReceiptWhereConfirmed,
  'receipts arrive where confirmed': receiptsArrive,
  'the promotion once per customer': promotionOnce,
  'the promotion comes back': promotionComesBack,
  'one order for each key': oneOrderForEachKey,
  'answers under one key are identical': sameAnswersUnderOneKey,
  'another request under a key is refused': otherRequestsAreRefused,
  'an answered key is not refused later': answeredKeysStay,
  'acknowledged orders exist': acknowledgedOrdersExist,
  'final states never change': finalStatesNeverChange,
  'one open order for a cart': oneOpenOrderOfACart,
  'ordered lines left the cart, later ones stayed': orderedLinesLeaveTheCart,
  'no answer is unexpected': nothingUnexpected,
} as const satisfies Record<string, Invariant>

/** The name of an invariant. */
export type InvariantName = keyof typeof invariants

/** A contradiction to an invariant. */
export interface Violation {
  invariant: InvariantName
  text: string
}

// What they are about takes a moment, or is not in the history before a call has ended.
const onlyAtRest: ReadonlySet<InvariantName> = new Set([
  'free + held + sold = received',
  'every order is final within 30 s',
  'receipts arrive where confirmed',
  'the promotion comes back',
  'ordered lines left the cart, later ones stayed',
])

/**
 * Lists what contradicts the invariants in a run that is at rest. Of one that `goesOn` only those are asked for that hold at each
 * moment: for tables that were read in one snapshot, after the history but for its keys.
 */
export function findViolations(run: Run, { goesOn = false } = {}): Violation[] {
  const entries = Object.entries(invariants) as [InvariantName, Invariant][]
  return entries
    .filter(([invariant]) => !goesOn || !onlyAtRest.has(invariant))
    .flatMap(([invariant, find]) => find(run).map((text) => ({ invariant, text })))
}
