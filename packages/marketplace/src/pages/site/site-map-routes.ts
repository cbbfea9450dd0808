import { BookSort } from '@books/proto'
import type { FastifyInstance } from 'fastify'
import { orNone } from '../../backends/backend.ts'
import type { Sources } from '../../backends/backends.ts'
import { shelves } from '../categories.ts'
import { paths } from '../paths.ts'

/** What crawlers read: which pages there are, and which are not for them. */
export function siteMapRoutes({ inventory, articles }: Sources, publicUrl: string) {
  return async (app: FastifyInstance) => {
    app.get(paths.robots, async (_request, reply) => {
      const lines = ['User-agent: *', `Disallow: ${paths.search()}`, `Disallow: ${paths.taste}`]
      return reply
        .type('text/plain; charset=utf-8')
        .send(`${lines.join('\n')}\nSitemap: ${publicUrl}${paths.sitemap}\n`)
    })

    app.get(paths.sitemap, async (_request, reply) => {
      const untilMs = performance.now() + mostMs
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

// Where the services are slow, the map ends here. Its beginning is remembered, so the next one is longer.
const mostMs = 2_000

const booksInAnswer = 500
// A map of a site names at most 50,000 pages (sitemaps.org).
const mostBooks = 49_000

async function listBookIds(inventory: Sources['inventory'], untilMs: number): Promise<number[]> {
  const ids: number[] = []
  let pageToken = ''
  do {
    const request = { sort: BookSort.BOOK_SORT_TITLE, pageSize: booksInAnswer, pageToken }
    const { value } = await orNone(inventory.listBooks(request))
    // Without the inventory, a map of the rest is better than none.
    if (!value) break
    ids.push(...value.books.map(({ id }) => id))
    pageToken = value.nextPageToken
  } while (pageToken !== '' && ids.length < mostBooks && performance.now() < untilMs)
  return ids
}

const articlesInAnswer = 100
const mostArticles = 900

async function listArticleIds(articles: Sources['articles'], untilMs: number): Promise<number[]> {
  const ids: number[] = []
  for (let page = 1; ids.length < mostArticles && performance.now() < untilMs; page++) {
    const { value } = await orNone(articles.listArticles({ page, pageSize: articlesInAnswer }))
    ids.push(...(value?.articles ?? []).map(({ id }) => id))
    if (!value || value.articles.length < articlesInAnswer) break
  }
  return ids
}
