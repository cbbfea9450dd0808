/** Every URL of the shop that does not depend on the content of a file. Links are made here and nowhere else. */
export const paths = {
  home: '/',
  category: (slug: string, { sort, page }: { sort?: string | undefined; page?: number | undefined } = {}) =>
    `/categories/${slug}${queryOf({ sort, page: laterPage(page) })}`,
  book: (id: number) => `/books/${id}`,
  search: ({ q, page }: { q?: string; page?: number } = {}) => `/search${queryOf({ q, page: laterPage(page) })}`,
  taste: '/taste',
  /** Takes what a visitor says of a book. */
  tasteOfBook: (id: number) => `/taste/books/${id}`,
  /** Forgets all that a visitor said. */
  forgetTaste: '/taste/forget',
  articles: ({ page }: { page?: number } = {}) => `/articles${queryOf({ page: laterPage(page) })}`,
  article: (id: number) => `/articles/${id}`,
  articlesFeed: '/articles.atom',
  articlesApi: '/api/articles',
  robots: '/robots.txt',
  sitemap: '/sitemap.xml',
  healthz: '/healthz',
  readyz: '/readyz',
} as const

/** The same URLs as routes match them. */
export const routes = {
  category: '/categories/:slug',
  book: '/books/:id',
  search: '/search',
  tasteOfBook: '/taste/books/:id',
  articles: '/articles',
  article: '/articles/:id',
} as const

function laterPage(page: number | undefined): number | undefined {
  return page === 1 ? undefined : page
}

function queryOf(values: Record<string, string | number | undefined>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) if (value !== undefined) query.set(name, String(value))
  return query.size === 0 ? '' : `?${query.toString()}`
}
