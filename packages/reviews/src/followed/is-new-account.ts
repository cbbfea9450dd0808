import type { AccountsServiceService } from '@books/proto'
import type { Client } from '@books/rpc'

// A writer waits for it.
const deadlineMs = 1_000
const newForMs = 24 * 60 * 60_000

/** Whether an account is younger than a day, or accounts does not tell. */
export async function isNewAccount(
  accounts: Pick<Client<typeof AccountsServiceService>, 'getReader'>,
  readerId: number,
  now: Date,
): Promise<boolean> {
  return accounts.getReader({ readerId }, { deadlineMs }).then(
    ({ createdAt = now }) => now.getTime() - createdAt.getTime() < newForMs,
    () => true,
  )
}
