import { type Interaction, InteractionKind, type RecommendationRequest } from '@books/proto'
import { unavailable } from '@books/rpc'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { InjectOptions } from 'fastify'
import { ada, fakeAccounts, linkToken, password } from '../accounts.fixture.ts'
import { createFakeCarts } from '../carts.fixture.ts'
import { fakeReviews } from '../reviews.fixture.ts'
import { fakeInventory, fakeRecommendations } from '../services.fixture.ts'
import { createBrowser, signIn } from '../sessions/sign-in.fixture.ts'
import { openShopOver } from '../shop.fixture.ts'

const {
  INTERACTION_KIND_VIEWED: viewed,
  INTERACTION_KIND_LIKED: liked,
  INTERACTION_KIND_DISLIKED: disliked,
  INTERACTION_KIND_NEUTRAL: neutral,
} = InteractionKind

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

describe('what a guest said', () => {
  it('stays in the cookie', async () => {
    const { app, recorded } = await open()
    const browser = createBrowser(app)

    await browser.say(5, 'liked')
    await browser.open('/books/6')

    expect(recorded).toEqual([])
  })

  it.each([
    ['signing in', '/sign-in', { email: ada.email, password }],
    ['signing up', `/sign-up?token=${linkToken}`, { name: 'Ada', password }],
    ['choosing a new password', `/reset-password?token=${linkToken}`, { new_password: password }],
  ])('becomes the reader’s by %s', async (_how, page, fields) => {
    const { app, recorded } = await open()
    const browser = createBrowser(app)
    await browser.say(5, 'liked')
    await browser.say(6, 'disliked')

    await browser.submit(page, fields)

    expect(recorded).toMatchObject([
      { userId: ada.readerId, bookId: 6, kind: disliked },
      { userId: ada.readerId, bookId: 5, kind: liked },
    ])
    expect(new Set(recorded.map(({ id }) => id)).size).toBe(2)
    // The newest first, as in the cookie.
    expect(recorded[0]?.time?.getTime()).toBeGreaterThan(recorded[1]?.time?.getTime() ?? 0)
    expect((await browser.open('/books/5')).body).toContain('You liked this.')
  })

  it('does not become another reader’s: what a reader said is forgotten when they sign out', async () => {
    const { app, recorded } = await open()
    const browser = await signIn(app)
    await browser.say(5, 'liked')
    await browser.submit('/account', {}, '/sign-out')
    const before = recorded.length

    await browser.submit('/sign-in', { email: ada.email, password })

    expect(recorded.slice(before)).toEqual([])
  })
})

describe('what a reader says', () => {
  it('is recorded at once, and asked for with their id', async () => {
    const asked: RecommendationRequest[] = []
    const { app, recorded } = await open(asked)
    const browser = await signIn(app)

    await browser.say(5, 'liked')
    await browser.say(40, 'disliked')
    await browser.open('/')

    const said = recorded.filter(({ kind }) => kind !== viewed)
    expect(said).toMatchObject([
      { userId: ada.readerId, bookId: 5, kind: liked },
      { userId: ada.readerId, bookId: 40, kind: disliked },
    ])
    expect(asked.filter(({ userId }) => userId === ada.readerId)).toContainEqual(
      expect.objectContaining({ likedIds: [5], dislikedIds: [40] }),
    )
  })

  it('is taken back, one by one and all of it', async () => {
    const { app, recorded } = await open()
    const browser = await signIn(app)
    await browser.say(5, 'liked')
    await browser.say(6, 'liked')
    await browser.say(40, 'disliked')
    const before = recorded.filter(({ kind }) => kind !== viewed).length

    await browser.say(5, 'none')
    await browser.submit('/taste', {}, '/taste/forget')

    const takenBack = recorded.filter(({ kind }) => kind !== viewed).slice(before)
    expect(takenBack).toMatchObject([
      { userId: ada.readerId, bookId: 5, kind: neutral },
      { userId: ada.readerId, bookId: 40, kind: neutral },
      { userId: ada.readerId, bookId: 6, kind: neutral },
    ])
  })

  it('is recorded later, with the same ids, where recommendations failed', async () => {
    const attempts: string[][] = []
    const tried = Promise.withResolvers<void>()
    const { app } = await open([], async (interactions) => {
      attempts.push(interactions.map(({ id }) => id))
      if (attempts.length === 1) throw unavailable('No connection')
      tried.resolve()
    })
    const browser = createBrowser(app)
    await browser.say(5, 'liked')

    const signedIn = await browser.submit('/sign-in', { email: ada.email, password })

    expect(signedIn.statusCode).toBe(303)
    await tried.promise
    expect(attempts).toHaveLength(2)
    expect(attempts[0]).toEqual(attempts[1])
  })
})

describe('the view of a book', () => {
  it('is recorded for a reader, without waiting', async () => {
    const seen = Promise.withResolvers<Interaction>()
    const recorded = Promise.withResolvers<void>()
    const { app } = await open([], async ([interaction]) => {
      seen.resolve(interaction!)
      await recorded.promise
    })
    const browser = await signIn(app)

    const { statusCode } = await browser.open('/books/5')

    expect(statusCode).toBe(200)
    expect(await seen.promise).toMatchObject({ userId: ada.readerId, bookId: 5, kind: viewed })
    recorded.resolve()
  })

  it('does not change the page where it cannot be recorded', async () => {
    const { app } = await open([], async () => {
      throw unavailable('No connection')
    })
    const browser = await signIn(app)

    for (let visit = 0; visit < 60; visit++) {
      const { statusCode, body } = await browser.open('/books/5')
      expect([statusCode, body.includes('data-fallback')]).toEqual([200, false])
    }
  })

  it.each([
    ['that is not in the store', { url: '/books/99999' }],
    ['that a browser loads in advance', { url: '/books/5', headers: { 'sec-purpose': 'prefetch;prerender' } }],
    ['of which only the headers are asked for', { url: '/books/5', method: 'HEAD' }],
  ] as const)('is none for a book %s', async (_what, request: InjectOptions) => {
    const { app, recorded } = await open()
    const cookie = (await signIn(app)).cookie()

    await app.inject({ ...request, headers: { cookie, ...(request.headers as object) } })
    await app.inject({ url: '/books/6', headers: { cookie } })
    while (recorded.length === 0) await new Promise(setImmediate)

    expect(recorded).toMatchObject([{ bookId: 6 }])
  })
})

type Record = (interactions: Interaction[]) => Promise<void>

/** Opens a shop whose recommendations keep what they are asked, and what is recorded. */
async function open(asked: RecommendationRequest[] = [], record: Record = async () => {}) {
  const recorded: Interaction[] = []
  const recommendations = fakeRecommendations({
    async recommend(request) {
      asked.push(request)
      return { recommendations: [] }
    },
    async recordInteractions(stream) {
      const interactions = await Array.fromAsync(stream)
      await record(interactions)
      recorded.push(...interactions)
      return { taken: interactions.length, known: 0, refused: 0, refusals: [] }
    },
  })
  const services = [fakeAccounts(), createFakeCarts().service(), recommendations, fakeInventory(), fakeReviews()]
  const shop = await openShopOver(services)
  opened.defer(shop.close)
  return { app: shop.app, recorded }
}
