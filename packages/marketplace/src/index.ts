import type { AddressInfo } from 'node:net'
import { loadDescriptors, RecommendationsService } from '@books/proto'
import { addressOf, createClient, HealthService } from '@books/rpc'
import { clientTlsOf, type Log, type Running } from '@books/runtime'
import { createApp } from './app.ts'
import { loadAssets } from './assets.ts'
import type { Settings } from './settings.ts'

export { type Settings, settingsSchema } from './settings.ts'

/** What the shop is started with. */
export interface MarketplaceDeps {
  settings: Pick<
    Settings,
    | 'HOST'
    | 'PORT'
    | 'RECOMMENDATIONS_HOST'
    | 'RECOMMENDATIONS_PORT'
    | 'RECOMMENDATIONS_DEADLINE_MS'
    | 'TLS_CA'
    | 'TLS_CERT'
    | 'TLS_KEY'
  >
  log: Log
}

/** Starts the web shop; pages open once this resolves. */
export async function startMarketplace({ settings, log }: MarketplaceDeps): Promise<Running & { port: number }> {
  const target = {
    address: addressOf(settings.RECOMMENDATIONS_HOST, settings.RECOMMENDATIONS_PORT),
    deadlineMs: settings.RECOMMENDATIONS_DEADLINE_MS,
    descriptors: loadDescriptors(),
    tls: clientTlsOf(settings),
    log,
  }
  const recommendations = createClient(RecommendationsService, target)
  const recommendationsHealth = createClient(HealthService, target)
  const app = await createApp({ recommendations, recommendationsHealth, assets: loadAssets(), log })
  // Without a name Node listens on `::`, or on `0.0.0.0` where the machine has no IPv6.
  const host = settings.HOST === '::' ? '' : settings.HOST
  await app.listen({ host, port: settings.PORT })
  const { port } = app.server.address() as AddressInfo

  return {
    port,
    async stop() {
      await app.close()
      recommendations.close()
      recommendationsHealth.close()
    },
  }
}
