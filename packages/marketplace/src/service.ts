import { randomBytes } from 'node:crypto'
import { createMailbox } from '@books/mail'
import { defineWebService } from '@books/service'
import { createApp } from './app.ts'
import { loadAssets } from './assets.ts'
import { createBackends } from './backends/backends.ts'
import { dependencies } from './backends/dependencies.ts'
import { findFreePort, listen } from './http/listen.ts'
import { publicUrlOf } from './public-url.ts'
import { settings } from './settings.ts'

/** The web shop. */
export const marketplace = defineWebService({
  name: 'marketplace',
  port: 5_000,
  settings,
  dependencies,
  deployment: {
    isPublic: true,
    memoryMib: { request: 192, limit: 512 },
    cpuMillis: { request: 250, limit: 2_000 },
    replicas: { min: 3, max: 12 },
  },
  async start({ settings, clients, log, cleanup }) {
    const { HOST: host, COOKIE_SECRET: cookieSecret = randomBytes(32).toString('hex') } = settings
    // Pages name the port before anything listens on it.
    const port = await findFreePort({ host, port: settings.PORT })
    const backends = createBackends({ clients, settings, log })
    cleanup.defer(backends.close)
    const app = await createApp({
      ...{ backends, log },
      assets: loadAssets(),
      publicUrl: publicUrlOf(settings.PUBLIC_URL, { host, port }),
      cookieSecret,
      paymentOrigins: settings.PAYMENT_ORIGINS.split(','),
      trustedProxies: settings.TRUSTED_PROXIES,
      formsPerMinute: settings.FORMS_PER_MINUTE,
      busyMs: settings.BUSY_MS,
      mailbox: settings.MAILBOX_DIR === undefined ? undefined : createMailbox(settings.MAILBOX_DIR),
      now: () => new Date(),
    })
    cleanup.defer(() => app.close())
    const listener = await listen(app, { host, port })
    return { port: listener.port, stop: listener.close }
  },
})
