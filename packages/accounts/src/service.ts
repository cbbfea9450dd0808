import { createMailer, mailHandlers, mailSettings } from '@books/mail'
import { AccountsServiceService } from '@books/proto'
import { service } from '@books/rpc'
import { startOutbox } from '@books/runtime/outbox'
import { defineService, migrations } from '@books/service'
import { followChanges } from '@books/service/watch'
import { Type } from 'typebox'
import { createAccounts } from './accounts.ts'
import { createAttemptStore } from './attempts/attempt-store.ts'
import { createLinkJobs } from './mails/link-jobs.ts'
import { createPasswordHasher } from './passwords/password-hasher.ts'
import { createStores } from './stores.ts'
import { startSweep } from './sweep.ts'
import type { Tables } from './tables.ts'

const dayMs = 24 * 60 * 60_000

/** People, their passwords and their sessions. */
export const accounts = defineService({
  name: 'accounts',
  port: 50_057,
  settings: {
    ...mailSettings,
    /** A session ends when it was not used for so long. */
    SESSION_IDLE_DAYS: Type.Integer({ minimum: 1, maximum: 400, default: 30 }),
    /** A session ends after this, however much it is used. */
    SESSION_MAX_DAYS: Type.Integer({ minimum: 1, maximum: 400, default: 180 }),
  },
  deployment: {
    // The ports at which mail servers take mail.
    egressPorts: [465, 587],
    environment: {
      // glibc gives the 19 MiB of each password's hash back to the system at once, instead of keeping one for each thread.
      MALLOC_MMAP_THRESHOLD_: String(1024 * 1024),
      // Calls leave little behind, for which Node would keep up to 48 MiB.
      NODE_OPTIONS: '--max-semi-space-size=4',
    },
  },
  callers: ['marketplace', 'reviews', 'transactions'],
  methodCallers: {
    GetReader: ['reviews', 'transactions'],
    ListSubscribers: ['transactions'],
    WatchDeletedReaders: ['reviews', 'transactions'],
  },
  migrations: migrations<Tables>(new URL('../migrations/', import.meta.url)),
  async start({ settings, tables, log, signal, cleanup }) {
    const lifetime = {
      idleMs: settings.SESSION_IDLE_DAYS * dayMs,
      longestMs: settings.SESSION_MAX_DAYS * dayMs,
    }
    const now = () => new Date()
    const stores = createStores(tables, lifetime)
    const attempts = createAttemptStore(tables)
    const mailer = createMailer(settings, log)
    cleanup.defer(mailer.close)
    const handlers = {
      ...createLinkJobs({ stores, mailer, publicUrl: settings.PUBLIC_URL, now }),
      ...mailHandlers(mailer),
    }
    const outbox = startOutbox(tables, { schema: 'accounts', handlers, log })
    cleanup.defer(outbox.stop)
    const sweep = startSweep([stores.sessions, stores.links, attempts], { now, log })
    cleanup.defer(sweep.stop)

    const deletions = followChanges(stores.deletedReaders.settledRevision, { log, signal })

    const methods = createAccounts({
      ...{ stores, attempts, deletions, now },
      passwords: await createPasswordHasher(),
      wakeOutbox: outbox.wake,
    })
    // A watch stays open for as long as its caller likes.
    const maxDeadlineMs = { watchDeletedReaders: Number.POSITIVE_INFINITY }
    return { services: [service(AccountsServiceService, methods, { maxDeadlineMs })] }
  },
})
