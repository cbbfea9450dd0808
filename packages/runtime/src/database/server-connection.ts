import { AsyncLocalStorage } from 'node:async_hooks'
import type { PostgresQueryResult } from 'kysely'
import type { Client, PoolClient } from 'pg'
import { DatabaseError } from './database-error.ts'
import type { CallerSignal } from './follow-callers.ts'
import { requestCancel } from './request-cancel.ts'

/** What the connections of a pool wait for. */
export interface Activity {
  /** How many wait for an answer. */
  asking: number
  /** When one of them had the last answer, in milliseconds since 1970. */
  answeredAt: number
}

/** What errors call the database of a server. */
export const serverName = 'the database of DATABASE_URL'

/** Runs work whose statements may take as long as they like, such as migrations. */
export const unlimited = new AsyncLocalStorage<true>()

// Statements of a service answer within seconds: one that takes longer waits for a server that it has lost.
const longestMs = 60_000
const cancelWithinMs = 2_000
const commitWithinMs = 10_000
const queryCanceled = '57014'

// A commit that was sent is not cancelled: whether it took effect would be unknown.
const uncancellable = new Set(['commit', 'rollback'])

/**
 * A connection of a pool. A statement ends when its caller waits no longer, and after a minute at the latest: the server is asked to
 * cancel it. A connection whose server does not react within two seconds more, or ten for a commit, is closed.
 */
export class ServerConnection {
  readonly #client: PoolClient
  readonly #callerSignal: CallerSignal
  readonly #activity: Activity
  readonly #onRelease: () => void

  constructor(client: PoolClient, callerSignal: CallerSignal, activity: Activity, onRelease: () => void) {
    this.#client = client
    this.#callerSignal = callerSignal
    this.#activity = activity
    this.#onRelease = onRelease
  }

  /** Runs a statement for the caller of the running code. */
  query<Row>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<Row>> {
    return this.run<Row>(sql, parameters, this.#callerSignal())
  }

  /** Runs a statement for a caller that waits until the signal aborts; it then rejects with the reason of the signal. */
  async run<Row>(sql: string, parameters: readonly unknown[] = [], signal?: AbortSignal) {
    const asked = this.#client.query(sql, parameters as unknown[]) as unknown as Promise<PostgresQueryResult<Row>>
    let tooLong: DatabaseError | undefined
    let ending: Promise<void> | undefined
    const end = () => {
      ending ??= this.#end(asked, !uncancellable.has(sql))
    }
    const limit = () => {
      tooLong = new DatabaseError(serverName, queryCanceled, `no answer within ${longestMs / 1_000} s`)
      end()
    }
    const timer = unlimited.getStore() ? undefined : setTimeout(limit, longestMs)
    signal?.addEventListener('abort', end)
    this.#activity.asking++
    try {
      return await asked
    } catch (error) {
      throw signal?.aborted ? signal.reason : (tooLong ?? error)
    } finally {
      this.#activity.asking--
      if (!ending) this.#activity.answeredAt = Date.now()
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      await ending
    }
  }

  release(destroy?: boolean): void {
    this.#client.release(destroy)
    this.#onRelease()
  }

  /** Ends a statement. Resolves once it has ended and no request to cancel is under way that could meet the next one. */
  async #end(asked: Promise<unknown>, isCancellable: boolean): Promise<void> {
    const client = this.#client as unknown as Client
    const cancel = () => (isCancellable ? requestCancel(client, cancelWithinMs) : undefined)
    const timer = setTimeout(
      () => {
        // The server may have had the first request before the statement.
        cancel()?.catch(() => {})
        void client.end()
      },
      isCancellable ? cancelWithinMs : commitWithinMs,
    )
    await Promise.allSettled([asked, cancel()])
    clearTimeout(timer)
  }
}
