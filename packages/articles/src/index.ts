import { ArticleServiceService, loadDescriptors } from '@books/proto'
import { addressOf, type RpcServer, service, startServer } from '@books/rpc'
import { type Database, type Log, serverTlsOf } from '@books/runtime'
import { createArticles } from './articles.ts'
import { openJournal } from './open-journal.ts'
import type { Settings } from './settings.ts'

export { type Settings, settingsSchema } from './settings.ts'

/** What the service is started with. */
export interface ArticlesDeps {
  settings: Omit<Settings, 'LOG_LEVEL' | 'LOG_FORMAT' | 'DATABASE_URL' | 'DATA_DIR'>
  database: Database
  log: Log
}

/** Starts the articles service; it answers calls once this resolves, and is ready while its database answers. */
export async function startArticles({ settings, database, log }: ArticlesDeps): Promise<RpcServer> {
  const tls = serverTlsOf(settings)
  const journal = await openJournal(database)

  const server = await startServer({
    address: addressOf(settings.HOST, settings.PORT),
    log,
    services: [service(ArticleServiceService, createArticles(journal))],
    tls,
    descriptors: loadDescriptors(),
    readinessChecks: { database: database.ping },
    probePort: settings.PROBE_PORT,
    drainMs: settings.DRAIN_MS,
    graceMs: settings.GRACE_MS,
  })
  log.info({ port: server.port }, 'articles answers')
  return server
}
