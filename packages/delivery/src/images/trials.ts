import { ArticleServiceService, InventoryServiceService, RecommendationsService } from '@books/proto'
import { createClient } from '@books/rpc'

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
  recommendations: {
    ...server,
    port: 50_051,
    open(port) {
      const client = createClient(RecommendationsService, { address: `127.0.0.1:${port}`, deadlineMs })
      return {
        async call() {
          const { recommendations } = await client.recommend({ userId: 1, maxResults: 3 })
          requireCount(recommendations, 3)
        },
        close: client.close,
      }
    },
  },
  articles: {
    ...server,
    port: 50_052,
    open(port) {
      const client = createClient(ArticleServiceService, { address: `127.0.0.1:${port}`, deadlineMs })
      return {
        async call() {
          const { articles } = await client.articleList({ page: 1, pageSize: 3 })
          requireCount(articles, 3)
        },
        close: client.close,
      }
    },
  },
  inventory: {
    ...server,
    port: 50_053,
    open(port) {
      const client = createClient(InventoryServiceService, { address: `127.0.0.1:${port}`, deadlineMs })
      return {
        async call() {
          const { books } = await client.listBooks({ pageSize: 3 })
          requireCount(books, 3)
        },
        close: client.close,
      }
    },
  },
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

function requireCount(items: readonly unknown[], count: number): void {
  if (items.length !== count) throw new Error(`${items.length} answers instead of ${count}`)
}
