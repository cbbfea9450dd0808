import { randomBytes } from 'node:crypto'
import { defineWebService } from '@books/service'
import { createApp } from './app.ts'
import { loadAssets } from './assets.ts'
import { createBackends } from './backends/backends.ts'
import { dependencies } from './backends/dependencies.ts'
import { listen } from './http/listen.ts'
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
    const backends = createBackends({ clients, settings, log })
    cleanup.defer(backends.close)
    const app = await createApp({
      ...{ backends, log },
      assets: loadAssets(),
      publicUrl: settings.PUBLIC_URL ?? `http://localhost:${settings.PORT}`,
      cookieSecret: settings.COOKIE_SECRET ?? randomBytes(32).toString('hex'),
      trustedProxies: settings.TRUSTED_PROXIES,
      formsPerMinute: settings.FORMS_PER_MINUTE,
      busyMs: settings.BUSY_MS,
      now: () => new Date(),
    })
    // Without a name Node listens on `::`, or on `0.0.0.0` where the machine has no IPv6.
    const host = settings.HOST === '::' ? '' : settings.HOST
    const listener = await listen(app, { host, port: settings.PORT })
    return { port: listener.port, stop: listener.close }
  },
})
