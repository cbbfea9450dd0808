import { createHash } from 'node:crypto'
import type { Kysely, Transaction } from 'kysely'
import type { Tables } from '../tables.ts'
import { ApiError, errorJsonOf } from './api-error.ts'

const keptMs = 24 * 60 * 60_000

/** A request that carries an idempotency key. */
export interface KeyedRequest {
  key: string
  method: string
  path: string
  body: unknown
}

/** The answer to it. */
export interface KeptAnswer {
  status: number
  body: string
  /** Whether it was given before, and nothing happened this time. */
  isReplayed: boolean
}

/** Answers requests once for each key. */
export interface KeptAnswers {
  /** Holds a key until the answer is sent; fails where another request holds it. */
  hold(key: string): () => void
  /**
   * Makes the operation in a transaction together with its answer, also where that is an ApiError, and answers the same under the same
   * key for 24 hours. Any other error, and one that says that the request is invalid, undoes both.
   */
  answer(request: KeyedRequest, operation: (transaction: Transaction<Tables>) => Promise<unknown>): Promise<KeptAnswer>
}

/** Keeps answers in the tables of the sandbox. */
export function createKeptAnswers(tables: Kysely<Tables>, now: () => Date): KeptAnswers {
  const held = new Set<string>()

  async function answer(
    transaction: Transaction<Tables>,
    { key, ...request }: KeyedRequest,
    operation: (transaction: Transaction<Tables>) => Promise<unknown>,
  ): Promise<KeptAnswer> {
    const created_at = now()
    const forgotten = new Date(created_at.getTime() - keptMs)
    await transaction.deleteFrom('idempotency_keys').where('created_at', '<=', forgotten).execute()
    const request_hash = hashOf(request)
    const kept = await transaction.selectFrom('idempotency_keys').selectAll().where('key', '=', key).executeTakeFirst()
    if (kept && kept.request_hash !== request_hash)
      throw new ApiError(400, 'idempotency_key_reused', 'another request was made under this idempotency key')
    if (kept) return { status: kept.status, body: kept.body, isReplayed: true }

    const { status, body } = await resultOf(() => operation(transaction))
    const added = await transaction
      .insertInto('idempotency_keys')
      .values({ key, request_hash, status, body, created_at })
      .onConflict((conflict) => conflict.doNothing())
      .returning('key')
      .executeTakeFirst()
    // Another process made it meanwhile: this one undoes what it did.
    if (!added) throw inUse()
    return { status, body, isReplayed: false }
  }

  return {
    hold(key) {
      if (held.has(key)) throw inUse()
      held.add(key)
      return () => held.delete(key)
    },
    answer: (request, operation) =>
      tables.transaction().execute((transaction) => answer(transaction, request, operation)),
  }
}

async function resultOf(operation: () => Promise<unknown>): Promise<{ status: number; body: string }> {
  try {
    return { status: 200, body: JSON.stringify(await operation()) }
  } catch (error) {
    if (!(error instanceof ApiError) || error.code === 'invalid_request') throw error
    return { status: error.statusCode, body: JSON.stringify(errorJsonOf(error)) }
  }
}

function inUse(): ApiError {
  return new ApiError(409, 'idempotency_key_in_use', 'a request with this idempotency key is running')
}

function hashOf(request: Omit<KeyedRequest, 'key'>): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('hex')
}
