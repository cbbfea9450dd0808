import { startArticles } from '@books/articles'
import { startInventory } from '@books/inventory'
import { startMarketplace } from '@books/marketplace'
import { startRecommendations } from '@books/recommendations'
import { type Log, openDatabase, type Running } from '@books/runtime'
import type { Progress } from './progress.ts'
import type { Settings } from './settings.ts'

export { createProgress, type Progress } from './progress.ts'
export { type Settings, settingsSchema } from './settings.ts'

/** What the store is started with. */
export interface ShopDeps {
  settings: Settings
  log: Log
  progress: Progress
}

/** Starts every service of the store in this process, each on a port of its own, talking gRPC as they would apart. */
export async function startShop({ settings, log, progress }: ShopDeps): Promise<Running & { port: number }> {
  const running: Running[] = []
  const stop = async () => {
    for (const service of running.splice(0).toReversed()) await service.stop()
  }
  const start = async <Started extends Running>(service: string, work: (log: Log) => Promise<Started>) => {
    const started = await progress(service, () => work(log.child({ service })))
    running.push(started)
    return started
  }

  try {
    const database = await progress('the database', () => openDatabase(settings, log))
    running.push({ stop: database.close })

    const inventory = await start('inventory', (log) =>
      startInventory({ settings: { ...settings, PORT: settings.INVENTORY_PORT }, database, log }),
    )
    const recommendations = await start('recommendations', (log) =>
      startRecommendations({
        settings: { ...settings, PORT: settings.RECOMMENDATIONS_PORT, INVENTORY_PORT: inventory.port },
        database,
        log,
      }),
    )
    const articles = await start('articles', (log) =>
      startArticles({ settings: { ...settings, PORT: settings.ARTICLES_PORT }, database, log }),
    )
    const marketplace = await start('marketplace', (log) =>
      startMarketplace({
        settings: {
          ...settings,
          INVENTORY_PORT: inventory.port,
          RECOMMENDATIONS_PORT: recommendations.port,
          ARTICLES_PORT: articles.port,
        },
        log,
      }),
    )

    return { port: marketplace.port, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
