import { randomBytes } from 'node:crypto'
import type { Log, Running } from '@books/runtime'
import { createApp } from './app.ts'
import { loadAssets } from './assets.ts'
import { createBackends } from './backends/backends.ts'
import { createClients } from './backends/clients.ts'
import { listen } from './http/listen.ts'
import type { Settings } from './settings.ts'

export { type Settings, settingsSchema } from './settings.ts'

/** What the shop is started with. */
export interface MarketplaceDeps {
  settings: Settings
  log: Log
}

/** Starts the web shop; pages open once this resolves. */
export async function startMarketplace({ settings, log }: MarketplaceDeps): Promise<Running & { port: number }> {
  const clients = createClients(settings, log)
  const backends = createBackends({ clients, settings, log })
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

  return {
    port: listener.port,
    async stop() {
      await listener.close()
      backends.close()
      for (const client of Object.values(clients)) client.close()
    },
  }
}
