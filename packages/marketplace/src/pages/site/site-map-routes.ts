import { BookSort } from '@books/proto'
import type { FastifyInstance } from 'fastify'
import type { Backends } from '../../backends/backends.ts'
import { shelves } from '../categories.ts'
import { paths, routes } from '../paths.ts'

const notIndexed = [
  ...[paths.search(), paths.preferences],
  ...[paths.signUp(), paths.signIn(), paths.resetPassword(), paths.account()],
  ...[paths.cart, paths.checkout, paths.orders()],
]

/** For crawlers: the pages that exist, and those that are not to be indexed. */
export function siteMapRoutes({ inventory, articles }: Backends, publicUrl: string) {
  return async (app: FastifyInstance) => {
    app.get(routes.robots, async (_request, reply) => {
      const lines = ['User-agent: *', ...notIndexed.map((path) => `Disallow: ${path}`)]
      return reply
        .type('text/plain; charset=utf-8')
        .send(`${lines.join('\n')}\nSitemap: ${publicUrl}${paths.sitemap}\n`)
    })

    app.get(routes.sitemap, async (_request, reply) => {
      const untilMs = performance.now() + limitMs
      const [bookIds, articleIds] = await Promise.all([
        listBookIds(inventory, untilMs),
        listArticleIds(articles, untilMs),
      ])
      const found = [
        ...[paths.home, ...shelves.map(({ slug }) => paths.category(slug)), paths.articles()],
        ...[...bookIds.map(paths.book), ...articleIds.map(paths.article)],
      ]
      const urls = found.map((path) => `<url><loc>${publicUrl}${path}</loc></url>`)
      return reply
        .type('application/xml; charset=utf-8')
        .send(
          `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${urls.join('')}</urlset>\n`,
        )
    })
  }
}

// With slow services the map ends here. Its beginning is cached then, so the next one is longer.
const limitMs = 2_000

const booksPerCall = 500
// A site map holds at most 50,000 pages (sitemaps.org).
const maxBooks = 49_000

async function listBookIds(inventory: Backends['inventory'], untilMs: number): Promise<number[]> {
  const ids: number[] = []
  let pageToken = ''
  do {
    const request = { sort: BookSort.BOOK_SORT_TITLE, pageSize: booksPerCall, pageToken }
    const { value } = await inventory.listBooks(request, { isOptional: true })
    // A map without books is better than none.
    if (!value) break
    ids.push(...value.books.map(({ id }) => id))
    pageToken = value.nextPageToken
  } while (pageToken !== '' && ids.length < maxBooks && performance.now() < untilMs)
  return ids
}

const articlesPerCall = 100
const maxArticles = 900

async function listArticleIds(articles: Backends['articles'], untilMs: number): Promise<number[]> {
  const ids: number[] = []
  for (let page = 1; ids.length < maxArticles && performance.now() < untilMs; page++) {
    const { value } = await articles.articleList({ page, pageSize: articlesPerCall }, { isOptional: true })
    ids.push(...(value?.articles ?? []).map(({ id }) => id))
    if (!value || value.articles.length < articlesPerCall) break
  }
  return ids
}
