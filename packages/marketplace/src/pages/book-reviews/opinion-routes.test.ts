import { ReportReason } from '@books/proto'
import { unavailable } from '@books/rpc'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { ada, fakeAccounts, password } from '../../accounts.fixture.ts'
import { createFakeReviews } from '../../reviews.fixture.ts'
import { fakeInventory, fakeRecommendations } from '../../services.fixture.ts'
import { createBrowser, signIn } from '../../sessions/sign-in.fixture.ts'
import { openShopOver } from '../../shop.fixture.ts'

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

const text = 'It ends otherwise than it begins.'
const ofOthers = { id: 'one', bookId: 5, stars: 5, title: 'A game', text, name: 'Grace' }
const ofAda = { id: 'own', bookId: 6, stars: 5, title: 'A desert', text, name: 'Ada', readerId: ada.readerId }
const referer = 'http://localhost:5000/books/5?sort=newest'

describe('the buttons of a review', () => {
  it('count a vote once, show it, and take it back', async () => {
    const { app } = await open()
    const reader = await signIn(app)

    const offered = (await reader.open('/books/5')).body
    const voted = await send(reader, '/books/5/reviews/one/vote', { vote: 'helpful' })
    await send(reader, '/books/5/reviews/one/vote', { vote: 'helpful' })
    const shown = (await reader.open('/books/5')).body
    await send(reader, '/books/5/reviews/one/vote', { vote: 'not_helpful' })
    const changed = (await reader.open('/books/5')).body
    await send(reader, '/books/5/reviews/one/vote', { vote: 'none' })
    const takenBack = (await reader.open('/books/5')).body

    expect(offered).toContain(
      '<button name="vote" value="helpful">Helpful<span class="unseen">: A game</span></button>',
    )
    expect([voted.statusCode, voted.headers.location]).toEqual([303, '/books/5?sort=newest#review-one'])
    expect(shown).toContain('You found this helpful.')
    expect(shown).toContain('One reader found this helpful.')
    expect(changed).toContain('One reader found this not helpful.')
    expect(takenBack).not.toContain('found this')
  })

  it.each([
    ['/books/5/reviews/gone/vote', 'This review is not here any more.'],
    ['/books/6/reviews/own/vote', 'This review is your own.'],
  ])('say why a vote does not count: %s', async (url, expected) => {
    const { app } = await open()
    const reader = await signIn(app)

    const { statusCode, headers } = await send(reader, url, { vote: 'helpful' })

    expect(statusCode).toBe(303)
    expect((await reader.open(String(headers.location))).body).toContain(expected)
  })

  it('say where reviews is away', async () => {
    const { app } = await open({ voteHelpful: async () => Promise.reject(unavailable('No connection')) })
    const reader = await signIn(app)

    const { statusCode, body } = await send(reader, '/books/5/reviews/one/vote', { vote: 'helpful' })

    expect(statusCode).toBe(503)
    expect(body).toContain('data-fallback="reviews"')
  })

  it('lead a guest to signing in, and back to the book', async () => {
    const { app } = await open()

    const { headers } = await send(createBrowser(app), '/books/5/reviews/one/vote', { vote: 'helpful' })

    expect(headers.location).toBe('/sign-in?return_to=%2Fbooks%2F5')
  })

  it('are refused from another site, and with another vote', async () => {
    const { app } = await open()
    const reader = await signIn(app)
    const url = '/books/5/reviews/one/vote'

    const elsewhere = await reader.send(url, { vote: 'helpful' }, { 'sec-fetch-site': 'cross-site' })
    const other = await send(reader, url, { vote: 'twice' })

    expect([elsewhere.statusCode, other.statusCode]).toEqual([403, 400])
  })
})

describe('the form that reports a review', () => {
  it('sends the reason and the comment, and thanks', async () => {
    const { app, reviews } = await open()
    const reader = await signIn(app)

    const form = (await reader.open('/books/5/reviews/one/report')).body
    const sent = await send(reader, '/books/5/reviews/one/report', { reason: 'off_topic', comment: 'About a film.' })
    const page = (await reader.open('/books/5')).body

    expect(form).toContain('<h1 id="form-heading">Report a review</h1>')
    expect(reviews.reports).toEqual([
      {
        ...{ readerId: ada.readerId, reviewId: 'one', comment: 'About a film.' },
        reason: ReportReason.REPORT_REASON_OFF_TOPIC,
      },
    ])
    expect([sent.statusCode, sent.headers.location]).toEqual([303, '/books/5'])
    expect(page).toContain('Thank you. We look at what was reported.')
  })

  it('says what is wrong beside the field, and keeps the comment', async () => {
    const { app } = await open()
    const reader = await signIn(app)

    const { statusCode, body } = await send(reader, '/books/5/reviews/one/report', {
      reason: '',
      comment: 'About a film.',
    })

    expect(statusCode).toBe(422)
    expect(body).toContain('<p class="error" id="reason-error">Reason must be one of the list.</p>')
    expect(body).toContain('\nAbout a film.</textarea>')
  })

  it.each([
    ['/books/5/reviews/gone/report', 'This review is not here any more.'],
    ['/books/6/reviews/own/report', 'This review is your own.'],
  ])('says why it is not taken: %s', async (url, expected) => {
    const { app, reviews } = await open()
    const reader = await signIn(app)

    const { headers } = await send(reader, url, { reason: 'spam', comment: '' })

    expect((await reader.open(String(headers.location))).body).toContain(expected)
    expect(reviews.reports).toEqual([])
  })

  it('is for readers, and keeps the comment of one whose session has ended', async () => {
    const { app, reviews } = await open()
    const guest = createBrowser(app)
    const url = '/books/5/reviews/one/report'

    const asked = await guest.open(url)
    const refused = await send(guest, url, { reason: 'spam', comment: 'An advertisement.' })
    await send(guest, url, { reason: 'spam', comment: 'An advertisement.', email: ada.email, password })

    expect(asked.headers.location).toBe('/sign-in?return_to=%2Fbooks%2F5%2Freviews%2Fone%2Freport')
    expect(refused.body).toContain('\nAn advertisement.</textarea>')
    expect(refused.body).toMatch(/<option value="spam" selected>/)
    expect(reviews.reports).toMatchObject([{ comment: 'An advertisement.' }])
  })
})

type Visitor = ReturnType<typeof createBrowser>

function send(visitor: Visitor, url: string, fields: Record<string, string>) {
  return visitor.send(url, fields, { 'sec-fetch-site': 'same-origin', referer })
}

async function open(handlers: Parameters<ReturnType<typeof createFakeReviews>['service']>[0] = {}) {
  const reviews = createFakeReviews([ofOthers, ofAda])
  const services = [reviews.service(handlers), fakeAccounts(), fakeRecommendations(), fakeInventory()]
  const { app, close } = await openShopOver(services)
  opened.defer(close)
  return { app, reviews }
}
