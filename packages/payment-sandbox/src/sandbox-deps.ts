import type { Log } from '@books/runtime'
import type { Kysely } from 'kysely'
import type { EventSender } from './events/send-events.ts'
import type { Tables } from './tables.ts'

/** What the sandbox is made from. */
export interface SandboxDeps {
  tables: Kysely<Tables>
  /** The bearer key of the API. */
  key: string
  /** The origin under which browsers reach its pages. */
  pageOrigin: () => string
  events: Pick<EventSender, 'waitFor'>
  wakeOutbox: () => void
  /** How long a late answer takes. */
  answerDelayMs: number
  /** How long after a payment its late event is sent. */
  eventDelayMs: number
  /** The number of API requests that it takes at a time. */
  requestsAtATime: number
  /** Aborts when it begins to stop. */
  signal: AbortSignal
  now: () => Date
  log: Log
}
