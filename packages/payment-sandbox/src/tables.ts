import type { OutboxTables } from '@books/runtime/outbox'
import type { ColumnType, Generated } from 'kysely'
import type { Answers, PaymentState } from './payments/payment.ts'

// What is never written again after its row was added.
type Fixed<Value> = ColumnType<Value, Value, never>

/** The tables of the sandbox. */
export interface Tables extends OutboxTables {
  payments: {
    id: Fixed<string>
    order_id: Fixed<string>
    state: PaymentState
    amount_cents: Fixed<number>
    refunded_cents: Generated<number>
    currency: Fixed<string>
    email: Fixed<string>
    description: Fixed<string>
    return_url: Fixed<string>
    created_at: Fixed<Date>
    expires_at: Fixed<Date>
    /** What was chosen on its page: how the API answers about it from then on. */
    answers: ColumnType<Answers | null, undefined, Answers | null>
    /** The operations of which an answer was late or lost already. */
    disturbed: Generated<string[]>
  }
  idempotency_keys: {
    key: Fixed<string>
    /** SHA-256 of the method, the path and the body. */
    request_hash: Fixed<string>
    status: Fixed<number>
    body: Fixed<string>
    created_at: Fixed<Date>
  }
}
