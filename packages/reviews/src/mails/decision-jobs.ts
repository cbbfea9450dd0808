import type { Mailer } from '@books/mail'
import type { AccountsServiceService } from '@books/proto'
import { type Client, RpcError, Status } from '@books/rpc'
import { enqueue, type Handler, type Job } from '@books/runtime/outbox'
import type { Kysely } from 'kysely'
import type { Decision } from '../rules/decision.ts'
import type { BookStore } from '../stores/book-store.ts'
import type { ReviewRow } from '../stores/review-store.ts'
import type { Tables } from '../tables.ts'
import { decisionMail } from './decision-mails.ts'

const kind = 'decision'
const deadlineMs = 10_000

/** What a job keeps: nothing that names the reader. */
interface Payload {
  readerId: number
  bookId: number
  decision: Decision
  reason: string
}

/** Lets the writer of a review be told what was decided, if the transaction commits. A sample has none. */
export async function enqueueDecision(
  transaction: Kysely<Tables>,
  { id, reader_id, book_id }: ReviewRow,
  { decision, reason }: Pick<Payload, 'decision' | 'reason'>,
  now: Date,
): Promise<void> {
  if (reader_id === null) return
  const payload: Payload = { readerId: reader_id, bookId: book_id, decision, reason }
  await enqueue(transaction, { kind, key: `${id}/${decision}/${now.getTime()}`, payload })
}

/** What the jobs need. */
export interface DecisionJobsDeps {
  accounts: Pick<Client<typeof AccountsServiceService>, 'getReader'>
  books: Pick<BookStore, 'find'>
  mailer: Mailer
  /** The address of the shop. */
  publicUrl: string
}

/** The jobs that mail the writers. The address is asked for when a mail is sent; a reader without an account gets none. */
export function createDecisionJobs({
  accounts,
  books,
  mailer,
  publicUrl,
}: DecisionJobsDeps): Readonly<Record<string, Handler>> {
  async function findReader(readerId: number) {
    try {
      return await accounts.getReader({ readerId }, { deadlineMs })
    } catch (error) {
      if (error instanceof RpcError && error.code === Status.NOT_FOUND) return undefined
      throw error
    }
  }

  return {
    async [kind]({ key, payload }: Job) {
      const { readerId, bookId, decision, reason } = payload as Payload
      const reader = await findReader(readerId)
      if (!reader) return
      const title = (await books.find(bookId))?.title ?? 'a book'
      const url = new URL(`/books/${bookId}`, publicUrl).href
      const content = decisionMail({ decision, reason, name: reader.name, title, url })
      await mailer.send({ key: `${kind}/${key}`, to: reader.email, content })
    },
  }
}
