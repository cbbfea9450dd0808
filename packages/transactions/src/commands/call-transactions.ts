import { TransactionsServiceService } from '@books/proto'
import { type Client, RpcError } from '@books/rpc'
import { createLog, StartError } from '@books/runtime'
import { createClients, dependency, readServiceSettings } from '@books/service'

// That of the service, which would load all that it is made of.
const port = 50_059

/** What the help of each command of staff ends with. */
export const whereHelp = `Calls the service at TRANSACTIONS_HOST and TRANSACTIONS_PORT (localhost, ${port}). Where its callers need certificates,
set TLS_CA, TLS_CERT and TLS_KEY to that of \`staff\`, which \`make certs\` makes.`

const dependencies = { transactions: dependency(TransactionsServiceService, { port }) }

/** Calls the running service as staff. Errors that it answers become a `StartError`. */
export async function callTransactions<Result>(
  env: NodeJS.ProcessEnv,
  call: (client: Client<typeof TransactionsServiceService>) => Promise<Result>,
): Promise<Result> {
  // A command listens nowhere: only where the service is, and the certificates, matter.
  const caller = { name: 'staff', port: 0, protocol: 'grpc' as const, settings: {}, dependencies }
  const settings = readServiceSettings(caller, env)
  using client = createClients(dependencies, {
    settings,
    log: createLog('staff', { ...settings, LOG_LEVEL: 'warn' }),
  }).transactions
  try {
    return await call(client)
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    const reason = error.details.errorInfo?.reason
    throw new StartError(reason ? `${error.message} (${reason})` : error.message)
  }
}
