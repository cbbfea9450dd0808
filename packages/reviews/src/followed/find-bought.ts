import type { TransactionsServiceService } from '@books/proto'
import type { Client } from '@books/rpc'

// A writer waits for it.
const deadlineMs = 1_000

/** Whether a reader bought a book; undefined where transactions does not tell. */
export async function findBought(
  transactions: Pick<Client<typeof TransactionsServiceService>, 'listBought'>,
  readerId: number,
  bookId: number,
): Promise<boolean | undefined> {
  return transactions.listBought({ readerId, bookIds: [bookId] }, { deadlineMs }).then(
    ({ bookIds }) => bookIds.includes(bookId),
    () => undefined,
  )
}
