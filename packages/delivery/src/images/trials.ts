import { ArticleServiceService, InventoryServiceService, RecommendationsService } from '@books/proto'
import { type Client, createClient, type ServiceDefinition } from '@books/rpc'

/** How an image of a service is tried. */
export interface Trial {
  /** The port that it serves on. */
  port: number
  /** A program, with its arguments, that asks it from inside whether it is well. */
  probe: readonly string[]
  /** Variables that it is started with. */
  env: Readonly<Record<string, string>>
  /** How long it goes on to answer once it is told to stop. */
  drainMs: number
  /** Makes what is called over and over; a call rejects where the answer is not what it should be. */
  open(port: number): { call(): Promise<void>; close(): void }
}

const drainMs = 1_000
const server = {
  probe: ['/books/packages/rpc/src/probe/main.ts', '127.0.0.1:9090'],
  env: { PROBE_PORT: '9090', DRAIN_MS: String(drainMs) },
  drainMs,
}
const deadlineMs = 5_000

/** How each image is tried, by the name of its service. */
export const trials: Readonly<Record<string, Trial>> = {
  recommendations: serverTrial(50_051, RecommendationsService, async (client) => {
    const { recommendations } = await client.recommend({ userId: 1, maxResults: 3 })
    return recommendations
  }),
  articles: serverTrial(50_052, ArticleServiceService, async (client) => {
    const { articles } = await client.articleList({ page: 1, pageSize: 3 })
    return articles
  }),
  inventory: serverTrial(50_053, InventoryServiceService, async (client) => {
    const { books } = await client.listBooks({ pageSize: 3 })
    return books
  }),
  marketplace: {
    port: 5_000,
    probe: ['--eval', `fetch('http://127.0.0.1:5000/readyz').then(({ ok }) => process.exit(ok ? 0 : 1))`],
    env: {},
    drainMs: 0,
    open: (port) => ({
      async call() {
        const response = await fetch(`http://127.0.0.1:${port}/`)
        const page = await response.text()
        if (!response.ok || !page.includes('Online Books For You')) throw new Error(`status ${response.status}`)
      },
      close() {},
    }),
  },
}

/** A gRPC service that is asked for three things. */
function serverTrial<Definition extends ServiceDefinition>(
  port: number,
  definition: Definition,
  askForThree: (client: Client<Definition>) => Promise<readonly unknown[]>,
): Trial {
  return {
    ...server,
    port,
    open(publishedPort) {
      const client = createClient(definition, { address: `127.0.0.1:${publishedPort}`, deadlineMs })
      return {
        async call() {
          const { length } = await askForThree(client)
          if (length !== 3) throw new Error(`${length} answers instead of 3`)
        },
        close: client.close,
      }
    },
  }
}
