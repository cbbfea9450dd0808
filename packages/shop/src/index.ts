import { startArticles } from '@books/articles'
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

  try {
    const database = await progress('the database', () => openDatabase(settings, log))
    running.push({ stop: database.close })

    const recommendations = await progress('recommendations', () =>
      startRecommendations({
        settings: { ...settings, PORT: settings.RECOMMENDATIONS_PORT },
        database,
        log: log.child({ service: 'recommendations' }),
      }),
    )
    running.push(recommendations)

    const articles = await progress('articles', () =>
      startArticles({
        settings: { ...settings, PORT: settings.ARTICLES_PORT },
        database,
        log: log.child({ service: 'articles' }),
      }),
    )
    running.push(articles)

    const marketplace = await progress('the marketplace', () =>
      startMarketplace({
        settings: { ...settings, RECOMMENDATIONS_PORT: recommendations.port, ARTICLES_PORT: articles.port },
        log: log.child({ service: 'marketplace' }),
      }),
    )
    running.push(marketplace)

    return { port: marketplace.port, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
