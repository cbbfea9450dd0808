import { paymentSandbox } from '@books/payment-sandbox'
import type { PaymentRow } from '../checker/tables.ts'
import type { Snapshot } from '../processes/store-database.ts'

interface SandboxTables {
  payments: {
    id: string
    order_id: string
    state: PaymentRow['state']
    amount_cents: number
    refunded_cents: number
  }
}

/** Reads the payments as the provider has them. */
export function readPayments(snapshot: Snapshot): Promise<PaymentRow[]> {
  return snapshot.read<SandboxTables, PaymentRow[]>(paymentSandbox, async (tables) => {
    const payments = await tables.selectFrom('payments').selectAll().execute()
    return payments.map((row) => ({
      ...{ id: row.id, orderId: row.order_id, state: row.state },
      ...{ amountCents: row.amount_cents, refundedCents: row.refunded_cents },
    }))
  })
}
