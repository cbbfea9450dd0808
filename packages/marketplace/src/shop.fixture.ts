import { createMailbox } from '@books/mail'
import type { Service } from '@books/rpc'
import { serve } from '@books/rpc/testing'
import { silentLog } from '@books/runtime/testing'
import { createClients, readServiceSettings, type ServiceSettings } from '@books/service'
import type { FastifyInstance } from 'fastify'
import { createApp } from './app.ts'
import { loadAssets } from './assets.ts'
import { createBackends } from './backends/backends.ts'
import { dependencies } from './backends/dependencies.ts'
import { injectThroughMiddleware } from './http/inject.fixture.ts'
import { marketplace } from './service.ts'
import type { Settings } from './settings.ts'

// Loaded once, as compressing them takes a while.
const assets = loadAssets()

/** Variables for a shop under test. */
export type Variables = Record<string, string | number>

/** The settings of a shop under test on a free port, without backends unless the variables name them. */
export function settingsWith(variables: Variables = {}): ServiceSettings & Settings {
  const nowhere = Object.fromEntries(Object.keys(dependencies).map((name) => [`${name.toUpperCase()}_PORT`, 1]))
  // Injected requests leave the event loop no pause, and a slow machine has none.
  const own = { HOST: '127.0.0.1', PORT: 0, BUSY_MS: 60_000 }
  const values = Object.entries({ ...own, ...nowhere, ...variables })
  const env = Object.fromEntries(values.map(([name, value]) => [name, String(value)]))
  return readServiceSettings(marketplace, env) as ServiceSettings & Settings
}

/** Variables of a shop whose backends are all on one port. */
export function everythingAt(port: number): Variables {
  const addresses = Object.keys(dependencies).flatMap((name) => [
    [`${name.toUpperCase()}_HOST`, '127.0.0.1'],
    [`${name.toUpperCase()}_PORT`, port],
  ])
  return Object.fromEntries(addresses)
}

/** A shop under test that does not listen. */
export interface TestShop {
  app: FastifyInstance
  close(): Promise<void>
}

/** Opens a shop with these variables. */
export async function openShop(
  variables: Variables = {},
  now = () => new Date('2026-11-20T12:00:00Z'),
): Promise<TestShop> {
  const settings = settingsWith(variables)
  const clients = createClients(dependencies, { settings, log: silentLog })
  const backends = createBackends({ clients, settings, log: silentLog })
  const app = await createApp({
    ...{ backends, assets, now },
    publicUrl: settings.PUBLIC_URL ?? 'http://localhost:5000',
    cookieSecret: settings.COOKIE_SECRET ?? 'a secret of thirty-two characters',
    paymentOrigins: settings.PAYMENT_ORIGINS.split(','),
    trustedProxies: settings.TRUSTED_PROXIES,
    formsPerMinute: settings.FORMS_PER_MINUTE,
    busyMs: settings.BUSY_MS,
    mailbox: settings.MAILBOX_DIR === undefined ? undefined : createMailbox(settings.MAILBOX_DIR),
    log: silentLog,
  })
  injectThroughMiddleware(app)
  return {
    app,
    async close() {
      await app.close()
      backends.close()
      for (const client of Object.values(clients)) client.close()
    },
  }
}

/** Variables of a shop that waits long enough for any answer on a slow machine. */
export const longDeadlines: Variables = Object.fromEntries(
  Object.keys(dependencies).map((name) => [`${name.toUpperCase()}_DEADLINE_MS`, 20_000]),
)

/** Opens a shop over these services, all on one port. */
export async function openShopOver(services: readonly Service[], variables: Variables = {}): Promise<TestShop> {
  const server = await serve(services)
  const shop = await openShop({ ...everythingAt(server.port), ...longDeadlines, ...variables })
  return {
    app: shop.app,
    async close() {
      await shop.close()
      await server.stop()
    },
  }
}

/** The content of every list item that has no attributes. */
export function plainItems(html: string): string[] {
  return [...html.matchAll(/<li>([\s\S]*?)<\/li>/g)].map(([, content = '']) => content)
}
