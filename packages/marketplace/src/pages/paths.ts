/** The URL of every route, as it is registered. */
export const routes = {
  home: '/',
  category: '/categories/:slug',
  book: '/books/:id',
  /** A reader's own review of a book. */
  review: '/books/:id/review',
  deleteReview: '/books/:id/review/delete',
  /** Takes whether a reader finds a review helpful. */
  voteOnReview: '/books/:id/reviews/:review/vote',
  reportReview: '/books/:id/reviews/:review/report',
  search: '/search',
  preferences: '/taste',
  /** Takes what a reader thinks of a book. */
  preferenceOfBook: '/taste/books/:id',
  /** Forgets all preferences of a reader. */
  clearPreferences: '/taste/forget',
  cart: '/cart',
  /** Adds a copy of a book to the cart. */
  addToCart: '/cart/books/:id',
  /** Sets how many copies of a book are in the cart. */
  quantity: '/cart/books/:id/quantity',
  checkout: '/checkout',
  orders: '/orders',
  exportOrders: '/orders/export',
  order: '/orders/:id',
  cancelOrder: '/orders/:id/cancel',
  /** Takes what the payment provider tells of payments. */
  paymentEvents: '/payments/events',
  /** What a reader wrote about books. */
  ownReviews: '/reviews',
  exportReviews: '/reviews/export',
  signUp: '/sign-up',
  signIn: '/sign-in',
  signOut: '/sign-out',
  account: '/account',
  /** Ends the other sessions of a reader. */
  otherSessions: '/account/sessions',
  exportAccount: '/account/export',
  deleteAccount: '/account/delete',
  changePassword: '/account/password',
  changeEmail: '/account/email',
  resetPassword: '/reset-password',
  articles: '/articles',
  article: '/articles/:id',
  articlesFeed: '/articles.atom',
  articlesApi: '/api/articles',
  /** Only where the shop has a local mailbox. */
  mailbox: '/mailbox',
  mail: '/mailbox/:name',
  mailHtml: '/mailbox/:name/html',
  robots: '/robots.txt',
  sitemap: '/sitemap.xml',
  healthz: '/healthz',
  readyz: '/readyz',
  asset: '/assets/:file',
} as const

/** Links to the routes. Every link is made here. */
export const paths = {
  ...routes,
  category: (slug: string, { sort, page }: { sort?: string | undefined; page?: number | undefined } = {}) =>
    routes.category.replace(':slug', slug) + queryOf({ sort, page }),
  book: (id: number) => routes.book.replace(':id', String(id)),
  /** The reviews on the page of a book; `stars` shows only reviews with so many. */
  reviews: (id: number, { sort, stars, after }: ReviewsQuery = {}) =>
    `${paths.book(id)}${queryOf({ sort, stars: stars || undefined, after })}#reviews`,
  review: (id: number) => routes.review.replace(':id', String(id)),
  deleteReview: (id: number) => routes.deleteReview.replace(':id', String(id)),
  voteOnReview: (id: number, review: string) => ofReview(routes.voteOnReview, id, review),
  reportReview: (id: number, review: string) => ofReview(routes.reportReview, id, review),
  search: ({ q, page }: { q?: string; page?: number } = {}) => routes.search + queryOf({ q, page }),
  preferenceOfBook: (id: number) => routes.preferenceOfBook.replace(':id', String(id)),
  addToCart: (id: number) => routes.addToCart.replace(':id', String(id)),
  quantity: (id: number) => routes.quantity.replace(':id', String(id)),
  orders: ({ after }: { after?: string } = {}) => routes.orders + queryOf({ after }),
  order: (id: string, { secret }: { secret?: string | undefined } = {}) =>
    routes.order.replace(':id', encodeURIComponent(id)) + queryOf({ secret: secret || undefined }),
  cancelOrder: (id: string) => routes.cancelOrder.replace(':id', encodeURIComponent(id)),
  ownReviews: ({ after }: { after?: string } = {}) => routes.ownReviews + queryOf({ after }),
  signUp: ({ isSent }: { isSent?: boolean } = {}) => routes.signUp + queryOf({ sent: isSent ? 1 : undefined }),
  signIn: ({ returnTo, done }: { returnTo?: string | undefined; done?: string } = {}) =>
    routes.signIn + queryOf({ return_to: returnTo, done }),
  account: ({ done }: { done?: string } = {}) => routes.account + queryOf({ done }),
  changeEmail: ({ isSent }: { isSent?: boolean } = {}) =>
    routes.changeEmail + queryOf({ sent: isSent ? 1 : undefined }),
  resetPassword: ({ isSent }: { isSent?: boolean } = {}) =>
    routes.resetPassword + queryOf({ sent: isSent ? 1 : undefined }),
  articles: ({ page }: { page?: number } = {}) => routes.articles + queryOf({ page }),
  article: (id: number) => routes.article.replace(':id', String(id)),
  mail: (name: string) => routes.mail.replace(':name', name),
  mailHtml: (name: string) => routes.mailHtml.replace(':name', name),
  asset: (file: string) => routes.asset.replace(':file', file),
} as const

interface ReviewsQuery {
  sort?: string | undefined
  stars?: number | undefined
  after?: string | undefined
}

function ofReview(route: string, id: number, review: string): string {
  return route.replace(':id', String(id)).replace(':review', encodeURIComponent(review))
}

function queryOf({ page, ...others }: Record<string, string | number | undefined>): string {
  const query = new URLSearchParams()
  // A list without a page number begins at the first.
  for (const [name, value] of Object.entries({ ...others, page: page === 1 ? undefined : page }))
    if (value !== undefined) query.set(name, String(value))
  return query.size === 0 ? '' : `?${query.toString()}`
}
