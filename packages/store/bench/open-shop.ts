import type { Database } from '@books/runtime'
import { silentLog } from '@books/runtime/testing'
import { prefixOf, readServiceSettings, startService } from '@books/service'
import { transactions } from '@books/transactions'
import { services } from '../src/services.ts'
import { withDependencies } from '../test/checkout/processes/store-processes.ts'

/** What takes orders, in this process. */
export interface Shop extends AsyncDisposable {
  /** `host:port` of each service. */
  addresses: Readonly<Record<string, string>>
}

const key = 'the key of the payment sandbox'

/** Starts transactions, and what it depends on, on one database, as the whole store does. */
export async function openShop(database: Database, webhookUrl: string): Promise<Shop> {
  await using opened = new AsyncDisposableStack()
  const variables: Record<string, string> = {
    ...{ HOST: '127.0.0.1', PORT: '0', PAYMENT_SANDBOX_KEY: key, WEBHOOK_URL: webhookUrl, DATA_DIR: 'memory://' },
  }
  const addresses: Record<string, string> = {}
  for (const service of withDependencies(transactions, services)) {
    const settings = readServiceSettings(service, variables)
    const running = opened.use(await startService(service, { settings, database, log: silentLog }))
    variables[`${prefixOf(service.name)}HOST`] = '127.0.0.1'
    variables[`${prefixOf(service.name)}PORT`] = String(running.port)
    addresses[service.name] = running.address
  }
  const running = opened.move()
  return { addresses, [Symbol.asyncDispose]: () => running.disposeAsync() }
}
