import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'

/** A page that a visitor opened, or a form that they sent. */
export interface PageVisit {
  /** Such as `book`. */
  name: string
  status: number
  tookMs: number
  /** What it marks as missing or old. */
  fallbacks: string[]
}

interface Answer {
  status: number
  body: string
  location: string
}

const waitMs = 60_000
const pollMs = 100
const address = {
  ...{ name: 'Grace Hopper', street: '1 Navy Yard' },
  ...{ postal_code: '10115', city: 'Berlin', country: 'DE' },
}

/** A browser without scripts, that notes how long each answer of the shop takes. */
export function createVisitor(origin: string, visits: PageVisit[]) {
  const jar = new Map<string, string>()

  async function request(name: string, path: string, form?: Record<string, string>): Promise<Answer> {
    const began = performance.now()
    const cookie = [...jar].map(([key, value]) => `${key}=${value}`).join('; ')
    const response = await fetch(new URL(path, origin), {
      method: form ? 'POST' : 'GET',
      headers: { cookie, ...(form && { 'sec-fetch-site': 'same-origin' }) },
      redirect: 'manual',
      signal: AbortSignal.timeout(waitMs),
      ...(form && { body: new URLSearchParams(form) }),
    })
    const body = await response.text()
    const fallbacks = [...body.matchAll(/data-fallback="([^"]*)"/g)].map(([, backend = '']) => backend)
    const tookMs = performance.now() - began
    visits.push({ name, status: response.status, tookMs, fallbacks: [...new Set(fallbacks)] })
    for (const line of response.headers.getSetCookie()) keep(line)
    return { status: response.status, body, location: response.headers.get('location') ?? '' }
  }

  function keep(line: string): void {
    const [pair = ''] = line.split(';')
    const [name = '', value = ''] = pair.split('=')
    if (value === '') jar.delete(name)
    else jar.set(name, value)
  }

  return {
    /** Looks at a shelf and a book, and buys a copy of it. Resolves to the number of the order once it is confirmed. */
    async buy(shelf: string, bookId: number): Promise<string> {
      await request('shelf', `/categories/${shelf}`)
      await request('shelf by rating', `/categories/${shelf}?sort=rating`)
      await request('book', `/books/${bookId}`)
      await request('home', '/')
      await request('add to cart', `/cart/books/${bookId}`, {})
      await request('cart', '/cart')
      const checkout = await request('checkout', '/checkout')
      const placed = await request('place the order', '/checkout', {
        ...{ ...hiddenIn(checkout.body), ...address },
        // Each visitor is another customer, of whom only a few orders may be unpaid.
        email: `${randomUUID()}@books.example`,
      })
      if (placed.status !== 303) throw new Error(`The order was answered with ${placed.status}: ${textOf(placed.body)}`)
      // The sandbox took a free port, to which the checkout does not lead; the page of the order does.
      const payHref = await waitFor(placed.location, /<a class="button primary" href="([^"]+)"/)
      return waitFor(
        await pay(unescaped(payHref)),
        /Thank you[\s\S]*Order ([0-9A-Z]{5}-[0-9A-Z]{5})|Order ([0-9A-Z]{5}-[0-9A-Z]{5})[\s\S]*Thank you/,
      )
    },
  }

  /** Opens the page of an order until it has this, and resolves to what is in its parentheses. */
  async function waitFor(path: string, wanted: RegExp): Promise<string> {
    for (const giveUpAt = Date.now() + waitMs; Date.now() < giveUpAt; await delay(pollMs)) {
      const { body } = await request('order', path)
      const [, ...found] = wanted.exec(body) ?? []
      const text = found.find((each) => each !== undefined)
      if (text !== undefined) return text
    }
    throw new Error(`The page of the order did not become ${wanted} within ${waitMs} ms: ${path}`)
  }
}

/** Pays on the provider's page, which leads back to the page of the order. */
async function pay(url: string): Promise<string> {
  const body = new URLSearchParams({ outcome: 'pay' })
  const response = await fetch(url, { method: 'POST', body, redirect: 'manual', signal: AbortSignal.timeout(waitMs) })
  await response.arrayBuffer()
  const { pathname, search } = new URL(response.headers.get('location') ?? '', url)
  if (response.status !== 303) throw new Error(`The payment was answered with ${response.status}`)
  return pathname + search
}

function hiddenIn(html: string): Record<string, string> {
  const [, form = ''] = /<form[^>]*action="\/checkout"([\s\S]*?)<\/form>/.exec(html) ?? []
  const fields = form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)
  return Object.fromEntries([...fields].map(([, name = '', value = '']) => [name, unescaped(value)]))
}

function unescaped(html: string): string {
  return html.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&')
}

function textOf(html: string): string {
  const [, main = html] = /<main[^>]*>([\s\S]*)<\/main>/.exec(html) ?? []
  return main.replace(/<[^>]*>|\s+/g, ' ').slice(0, 500)
}
