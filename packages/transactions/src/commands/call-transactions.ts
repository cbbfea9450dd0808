import { TransactionsServiceService } from '@books/proto'
import type { Client } from '@books/rpc'
import { dependency } from '@books/service'
import { callAsStaff, whereHelpOf } from '@books/service/commands'

const name = 'transactions'
// The port is that of the service, which would load all that it is made of.
const transactions = dependency(TransactionsServiceService, { port: 50_059 })

/** What the help of each command of staff ends with. */
export const whereHelp = whereHelpOf(name, transactions)

/** Calls the running service as staff. Errors that it answers become a `StartError`. */
export function callTransactions<Result>(
  env: NodeJS.ProcessEnv,
  call: (client: Client<typeof TransactionsServiceService>) => Promise<Result>,
): Promise<Result> {
  return callAsStaff(name, transactions, env, call)
}
