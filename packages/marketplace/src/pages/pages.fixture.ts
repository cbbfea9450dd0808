import type { FastifyInstance } from 'fastify'

/** The HTML of the section with this id. */
export function sectionOf(html: string, id: string): string {
  const [, content = ''] = new RegExp(`aria-labelledby="${id}-heading"([\\s\\S]*?)</section>`).exec(html) ?? []
  return content
}

/** The cookies of a visitor who has sent these opinions with the shop's forms, the newest first. */
export async function cookieOf(
  app: FastifyInstance,
  opinions: readonly (readonly [bookId: number, verdict: 'liked' | 'disliked'])[],
): Promise<string> {
  const visitor = createVisitor(app)
  for (const [bookId, verdict] of opinions.toReversed()) await visitor.say(bookId, verdict)
  return visitor.cookie()
}

/** A browser without scripts: keeps cookies, opens pages and sends forms. */
export function createVisitor(app: FastifyInstance) {
  const jar = new Map<string, string>()
  const cookie = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')

  async function request({
    method,
    url,
    form,
    headers = {},
  }: {
    method: 'GET' | 'POST'
    url: string
    form?: Record<string, string>
    headers?: Record<string, string>
  }) {
    const type = form && { 'content-type': 'application/x-www-form-urlencoded' }
    const payload = form && new URLSearchParams(form).toString()
    const answer = await app.inject({
      method,
      url,
      headers: { cookie: cookie(), ...type, ...headers },
      ...(payload && { payload }),
    })
    for (const { name, value } of answer.cookies) {
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
    return answer
  }

  return {
    cookie,
    open: (url: string) => request({ method: 'GET', url }),
    send: (url: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
      request({ method: 'POST', url, form, headers }),
    /** Sends the form of a book on a page that has no token. */
    add: (bookId: number, page = '/') =>
      request({
        method: 'POST',
        url: `/cart/books/${bookId}`,
        form: {},
        headers: { 'sec-fetch-site': 'same-origin', referer: `http://localhost:5000${page}` },
      }),
    /** Opens the page of a book and sends its form. */
    async say(bookId: number, verdict: 'liked' | 'disliked' | 'none') {
      const { body } = await request({ method: 'GET', url: `/books/${bookId}` })
      return request({ method: 'POST', url: `/taste/books/${bookId}`, form: { verdict, _csrf: tokenIn(body) } })
    },
  }
}

/** The CSRF token in a page. */
export function tokenIn(html: string): string {
  return /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? ''
}
