import { setImmediate } from 'node:timers/promises'
import { Article, Availability, Book, BookRating } from '@books/proto'
import { unavailable } from '@books/rpc'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { sectionOf } from '../../pages/pages.fixture.ts'
import { fakeReviews } from '../../reviews.fixture.ts'
import { fakeArticles, fakeInventory, fakeRecommendations } from '../../services.fixture.ts'
import { openShopOver, type Variables } from '../../shop.fixture.ts'

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

const long = 600_000
// After `age` an answer is stale, or too old.
const soonStale = { FRESH_MS: 1, STALE_MS: long }
const soonOld = { FRESH_MS: 1, STALE_MS: 1 }

const shared = ['/', '/categories/mystery', '/categories/mystery?sort=price&page=2', '/articles', '/articles/1']

describe('a page that is the same for everyone', () => {
  it.each(shared)('is made once: %s', async (url) => {
    const { open, made } = await openCountingShop()

    const answers = [await open(url), await open(url), await open(url)]

    expect(made()).toBe(1)
    const [first, ...others] = answers.map(({ statusCode, headers, rawPayload }) => ({
      ...{ statusCode, rawPayload },
      headers: { ...headers, date: undefined },
    }))
    expect(first?.statusCode).toBe(200)
    for (const other of others) expect(other).toEqual(first)
  })

  it('is made once for each encoding, with one tag', async () => {
    const { open, made } = await openCountingShop()
    const encodings = ['zstd', 'br', 'gzip', 'identity']

    const first = await Promise.all(encodings.map((encoding) => open('/', { 'accept-encoding': encoding })))
    const again = await Promise.all(encodings.map((encoding) => open('/', { 'accept-encoding': encoding })))

    expect(made()).toBe(4)
    expect(new Set([...first, ...again].map(({ headers }) => headers.etag)).size).toBe(1)
    expect(again.map(({ headers }) => headers['content-encoding'] ?? 'identity')).toEqual(encodings)
    expect(again.map(({ rawPayload }) => rawPayload)).toEqual(first.map(({ rawPayload }) => rawPayload))
  })

  it('is answered with 304 to a browser that has it, which may also be the first to ask', async () => {
    const { open, made } = await openCountingShop()
    const { etag } = (await open('/')).headers
    const other = await openCountingShop()

    const codes = [await open('/', { 'if-none-match': etag }), await other.open('/', { 'if-none-match': etag })]
    const whole = await other.open('/')

    expect(codes.map(({ statusCode, body }) => [statusCode, body])).toEqual([
      [304, ''],
      [304, ''],
    ])
    expect(codes[0]?.headers).not.toHaveProperty('content-type')
    expect([whole.statusCode, whole.headers.etag]).toEqual([200, etag])
    expect([made(), other.made()]).toEqual([1, 1])
  })

  it('is made once for many visitors at once', async () => {
    const { open, made, hold } = await openCountingShop()
    const held = hold()

    const visits = Array.from({ length: 20 }, () => open('/'))
    await held.arrived
    held.release()
    const bodies = (await Promise.all(visits)).map(({ body }) => body)

    expect(made()).toBe(1)
    expect(new Set(bodies).size).toBe(1)
    expect(bodies[0]).toContain('</html>')
  })

  it('is shown while a new one is made', async () => {
    const { open, made, hold } = await openCountingShop(soonStale)
    const { body } = await open('/')
    const held = hold()
    // The first one that finds the page stale.
    const visits = [open('/')]
    while (!held.hasArrived()) {
      await setImmediate()
      visits.push(open('/'))
    }

    const meanwhile = [await open('/'), await open('/')]
    held.release()
    const others = await Promise.all(visits)

    for (const answer of [...meanwhile, ...others]) expect(answer.body).toBe(body)
    expect(made()).toBe(2)
  })

  it('has the new answers once they are there', async () => {
    const { open, openNext, journal } = await openCountingShop(soonStale)
    await open('/')
    journal.title = 'Second edition'

    let body: string
    do body = await openNext()
    while (!body.includes('Second edition'))

    expect(body).not.toContain('First edition')
  })

  it('is not shown once its answers are old', async () => {
    const { open, journal } = await openCountingShop(soonOld)
    await open('/')
    journal.title = 'Second edition'
    age()

    expect((await open('/')).body).toContain('Second edition')
  })

  it('is made by those who wait for it where the first visitor gets an error', async () => {
    const { open, hold } = await openCountingShop()
    const held = hold(new Error('out of ink'))

    const first = open('/')
    await held.arrived
    const second = open('/')
    held.release()

    expect([(await first).statusCode, (await second).statusCode]).toEqual([500, 200])
    expect((await open('/')).statusCode).toBe(200)
  })
})

describe('a page that lacks the answer of a backend', () => {
  it('is made anew for each visitor while the backend is tried', async () => {
    const { open, made, journal } = await openCountingShop()
    journal.isBroken = true

    const bodies = [(await open('/')).body, (await open('/')).body]

    for (const body of bodies) expect(body).toContain('data-fallback="articles"')
    expect(made()).toBe(2)
  })

  it('is kept while the backend rests, and complete once it answers again', async () => {
    const { openUntilKept, openNext, journal } = await openCountingShop({ REST_MS: 1_000 })
    journal.isBroken = true
    await openUntilKept()
    journal.isBroken = false

    let body: string
    do body = await openNext()
    while (body.includes('data-fallback'))

    expect(body).toContain('First edition')
  })
})

describe('a backend that is tried again', () => {
  it('keeps no visitor waiting for the one who tries it where a page without its answer is kept', async () => {
    const { open, openUntilKept, hold, journal } = await openCountingShop({ REST_MS: 20 })
    journal.isBroken = true
    await openUntilKept()
    const held = hold()
    const visits = [open('/')]
    while (!held.hasArrived()) {
      await setImmediate()
      visits.push(open('/'))
    }

    const { body } = await open('/')

    held.release()
    await Promise.all(visits)
    expect(body).toContain('data-fallback="articles"')
  })

  it('keeps none waiting where the page could not be made the last time', async () => {
    const { open, hold } = await openCountingShop()
    const failing = hold(new Error('out of ink'))
    failing.release()
    const before = await open('/')
    const held = hold()
    const first = open('/')
    await held.arrived

    const second = await open('/')

    held.release()
    expect([before, second, await first].map(({ statusCode }) => statusCode)).toEqual([500, 200, 200])
  })
})

describe('what a page says', () => {
  it('of stock is as true as the answers of the inventory, for anonymous and for known visitors', async () => {
    const stock = { availability: Availability.AVAILABILITY_IN_STOCK, copiesLeft: 0 }
    const getBooks = async ({ ids }: { ids: number[] }) => ({
      books: ids.map((id) => Book.fromPartial({ id, priceCents: 1299, currency: 'EUR', ...stock })),
      unknownIds: [],
    })
    const { app, close } = await openShopOver([fakeRecommendations(), fakeInventory({ getBooks })], soonOld)
    opened.defer(close)
    const cookie = `${app.cookieNames.preferences}=${encodeURIComponent(app.signCookie('5'))}`
    const openAsBoth = async () => {
      age()
      return [(await app.inject('/')).body, (await app.inject({ url: '/', headers: { cookie } })).body]
    }

    const before = await openAsBoth()
    Object.assign(stock, { availability: Availability.AVAILABILITY_FEW_LEFT, copiesLeft: 2 })
    const few = await openAsBoth()
    Object.assign(stock, { availability: Availability.AVAILABILITY_OUT_OF_STOCK, copiesLeft: 0 })
    const none = await openAsBoth()

    for (const body of before) expect(stockIn(body)).toEqual(['In stock', 'In stock', 'In stock'])
    for (const body of few) expect(stockIn(body)).toEqual(['2 left', '2 left', '2 left'])
    for (const body of none) expect(stockIn(body)).toEqual(['Out of stock', 'Out of stock', 'Out of stock'])
    for (const body of none) expect(sectionOf(body, 'picks')).not.toContain('Add to cart')
  })

  it('of ratings is as true as the answers of reviews, for anonymous and for known visitors', async () => {
    let mean = 4
    const getRatings = async ({ bookIds }: { bookIds: number[] }) => ({
      ratings: bookIds.map((bookId) => BookRating.fromPartial({ bookId, mean, count: 1 })),
    })
    const services = [fakeRecommendations(), fakeInventory(), fakeReviews({ getRatings })]
    const { app, close } = await openShopOver(services, soonOld)
    opened.defer(close)
    const cookie = `${app.cookieNames.preferences}=${encodeURIComponent(app.signCookie('5'))}`
    const openAsBoth = async () => {
      age()
      return [(await app.inject('/')).body, (await app.inject({ url: '/', headers: { cookie } })).body]
    }

    const before = await openAsBoth()
    mean = 2
    const after = await openAsBoth()

    for (const body of before) expect(starsIn(body)).toEqual(new Set(['4.0 (1)']))
    for (const body of after) expect(starsIn(body)).toEqual(new Set(['2.0 (1)']))
  })
})

describe('what is not the same for everyone', () => {
  it.each(['/books/5', '/taste', '/search', '/search?q=dune', '/categories/westerns', '/articles/999', '/nothing'])(
    'is made for each visitor: %s',
    async (url) => {
      const { open, made } = await openCountingShop()

      const first = await open(url)
      const madeForFirst = made()
      const second = await open(url)

      expect(second.statusCode).toBe(first.statusCode)
      expect(made()).toBe(2 * madeForFirst)
    },
  )
})

/** A shop that counts how often it makes a page, and whose journal the test writes, breaks and mends. */
async function openCountingShop(variables: Variables = {}) {
  const journal = { title: 'First edition', isBroken: false }
  const articles = fakeArticles({
    async articleList() {
      if (journal.isBroken) throw unavailable('No connection')
      return { articles: [Article.fromPartial({ id: 1, title: journal.title })], total: 1 }
    },
  })
  const services = [fakeRecommendations(), fakeInventory(), articles, fakeReviews()]
  const { app, close } = await openShopOver(services, { FRESH_MS: long, ...variables })
  opened.defer(close)

  let made = 0
  let next: (() => Promise<void>) | undefined
  app.addHook('preHandler', async () => {
    made++
    const held = next
    next = undefined
    await held?.()
  })

  return {
    journal,
    made: () => made,
    /** Opens the front page, which lacks the journal, until it comes from the cache. */
    async openUntilKept() {
      let madeBefore: number
      do {
        madeBefore = made
        expect((await app.inject('/')).body).toContain('data-fallback="articles"')
      } while (made > madeBefore)
    },
    open: (url: string, headers: Record<string, string | string[] | undefined> = {}) => app.inject({ url, headers }),
    /** Opens the front page in another turn of the event loop, as a page from the cache takes none. */
    async openNext() {
      await setImmediate()
      return (await app.inject('/')).body
    },
    /** Lets the next page wait to be made, or fail. */
    hold(error?: Error) {
      const { arrived, allowed } = gate()
      let hasArrived = false
      next = async () => {
        hasArrived = true
        arrived.resolve()
        await allowed.promise
        if (error) throw error
      }
      return { arrived: arrived.promise, hasArrived: () => hasArrived, release: allowed.resolve }
    },
  }
}

function gate() {
  return { arrived: Promise.withResolvers<void>(), allowed: Promise.withResolvers<void>() }
}

/** Waits until what was answered before is older than a millisecond. */
function age(): void {
  const sinceMs = performance.now()
  while (performance.now() - sinceMs <= 2);
}

function stockIn(body: string): (string | undefined)[] {
  return [...sectionOf(body, 'picks').matchAll(/class="stock">([^<]*)</g)].map(([, text]) => text)
}

/** How the books of a page are rated. */
function starsIn(html: string): Set<string> {
  return new Set([...html.matchAll(/class="stars-\d" aria-hidden="true">([^<]*)/g)].map(([, stars = '']) => stars))
}
