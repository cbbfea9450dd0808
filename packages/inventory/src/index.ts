import { InventoryServiceService, loadDescriptors } from '@books/proto'
import { addressOf, type RpcServer, service, startServer } from '@books/rpc'
import { type Database, type Log, serverTlsOf } from '@books/runtime'
import { createBookStore } from './book-store.ts'
import { followChanges } from './changes.ts'
import { createInventory } from './inventory.ts'
import { openBooks } from './open-books.ts'
import { createSearchStore } from './search-store.ts'
import type { Settings } from './settings.ts'

export { type Settings, settingsSchema } from './settings.ts'

/** What the service is started with. */
export interface InventoryDeps {
  settings: Omit<Settings, 'LOG_LEVEL' | 'LOG_FORMAT' | 'DATABASE_URL' | 'DATA_DIR'>
  database: Database
  log: Log
}

const lookEveryMs = 500

/** Starts the inventory service; it answers calls once this resolves, and is ready while its database answers. */
export async function startInventory({ settings, database, log }: InventoryDeps): Promise<RpcServer> {
  const tls = serverTlsOf(settings)
  const tables = await openBooks(database)
  const books = createBookStore(tables)
  const changes = followChanges(books.newestRevision, lookEveryMs, log)

  const server = await startServer({
    address: addressOf(settings.HOST, settings.PORT),
    log,
    services: [
      service(InventoryServiceService, createInventory({ books, search: createSearchStore(tables), changes })),
    ],
    tls,
    descriptors: loadDescriptors(),
    readinessChecks: { database: database.ping },
    probePort: settings.PROBE_PORT,
    drainMs: settings.DRAIN_MS,
    graceMs: settings.GRACE_MS,
  })
  log.info({ port: server.port }, 'inventory answers')

  return {
    ...server,
    stop() {
      // Whoever watches would watch on for all of the grace period.
      changes.stop()
      return server.stop()
    },
  }
}
