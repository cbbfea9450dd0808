import { setTimeout as delay } from 'node:timers/promises'
import type { CartServiceService, InventoryServiceService, TransactionsServiceService } from '@books/proto'
import { type Client, RpcError, Status } from '@books/rpc'
import { isUnknown } from '../checker/answers.ts'
import type { Failure, History, State } from '../history/history.ts'

/** The store as customers reach it, and the record of what they did. */
export interface Shop {
  inventory: Client<typeof InventoryServiceService>
  cart: Client<typeof CartServiceService>
  transactions: Client<typeof TransactionsServiceService>
  history: History
  /** The price of each book. */
  prices: Map<number, number>
  currency: string
  /** The final states that were told by WatchOrders. */
  finals: Map<string, State>
}

/** Names the status and the reason of an error of a call. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof RpcError)) throw error
  return { code: Status[error.code], reason: error.details.errorInfo?.reason ?? '' }
}

/** The metadata of an error's reason. */
export function metadataOf(error: unknown): Readonly<Record<string, string>> {
  return (error instanceof RpcError && error.details.errorInfo?.metadata) || {}
}

const giveUpAfterMs = 180_000

/** Repeats a call until its outcome is known. An outcome that is an error is thrown. */
export async function untilKnown<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  const giveUpAt = Date.now() + giveUpAfterMs
  for (let waitMs = 50; ; waitMs = Math.min(waitMs * 2, 1_000)) {
    try {
      return await call()
    } catch (error) {
      if (!isUnknown(failureOf(error)) || Date.now() > giveUpAt) throw error
      await delay(waitMs)
    }
  }
}

/** Asks again and again until the answer is taken. Resolves to undefined where it is not in time. */
export async function poll<Answer>(
  ask: () => Promise<Answer | undefined>,
  { withinMs, firstMs = 20, longestMs = 500 }: { withinMs: number; firstMs?: number; longestMs?: number },
): Promise<Answer | undefined> {
  const giveUpAt = Date.now() + withinMs
  for (let waitMs = firstMs; ; waitMs = Math.min(waitMs * 1.6, longestMs)) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (Date.now() > giveUpAt) return undefined
    await delay(waitMs)
  }
}
