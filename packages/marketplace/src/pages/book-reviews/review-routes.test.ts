import { resourceExhausted, type Service, unavailable } from '@books/rpc'
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

const typed = { stars: '4', title: 'A game', text: 'It ends otherwise than it begins.', name: 'The countess' }
const sameOrigin = { 'sec-fetch-site': 'same-origin' }

describe('the form of a review', () => {
  it('writes one, and says so on the page of the book', async () => {
    const { app, reviews } = await open()
    const reader = await signIn(app)

    const form = await reader.open('/books/5/review')
    const sent = await reader.submit('/books/5/review', typed)
    const page = await reader.open('/books/5')

    expect(form.body).toContain('Your review of Ender&#x27;s Game')
    expect(valueOf(form.body, 'name')).toBe('Ada Lovelace')
    expect(form.body).not.toContain('Delete your review')
    expect([sent.statusCode, sent.headers.location]).toEqual([303, '/books/5'])
    expect([...reviews.reviews.values()]).toMatchObject([
      { readerId: ada.readerId, review: { ...typed, stars: 4, bookId: 5 } },
    ])
    expect(page.body).toContain('<p class="flash" role="status">Thank you. Your review is on this page.</p>')
    expect(page.body).toContain('by The countess')
  })

  it('has what was written before, changes it and deletes it', async () => {
    const { app, reviews } = await open()
    const reader = await signIn(app)
    await reader.submit('/books/5/review', typed)

    const form = (await reader.open('/books/5/review')).body
    await reader.submit('/books/5/review', { ...typed, stars: '1', text: 'I have thought about it once more.' })
    const changed = (await reader.open('/books/5')).body
    const question = (await reader.open('/books/5/review/delete')).body
    const kept = reviews.reviews.size
    await reader.submit('/books/5/review/delete', {})
    const deleted = (await reader.open('/books/5')).body

    expect(form).toMatch(/<option value="4" selected>/)
    expect(form).toContain(`\n${typed.text}</textarea>`)
    expect(form).toContain('href="/books/5/review/delete">Delete your review</a>')
    expect(changed).toContain('Your review is changed.')
    expect(changed).toContain('You gave this book 1 star')
    expect([question.includes('erased at once'), kept]).toEqual([true, 1])
    expect(deleted).toContain('Your review is deleted.')
    expect(reviews.reviews.size).toBe(0)
  })

  it('is one review, however often it is sent', async () => {
    const { app, reviews } = await open()
    const reader = await signIn(app)

    const [first, second] = await Promise.all([send(reader, typed), send(reader, typed)])
    await send(reader, typed)

    expect([first.statusCode, second.statusCode]).toEqual([303, 303])
    expect(reviews.reviews.size).toBe(1)
  })

  it.each([
    ['stars', { ...typed, stars: '' }, 'Stars must be from 1 to 5.'],
    ['stars', { ...typed, stars: '17' }, 'Stars must be from 1 to 5.'],
    ['text', { ...typed, text: 'Too short.' }, 'Text must have at least 20 characters.'],
    ['title', { ...typed, text: '' }, 'Title must be empty where the text is.'],
  ])('says what is wrong beside the field, and keeps what was typed: %s', async (field, sent, expected) => {
    const { app, reviews } = await open()
    const reader = await signIn(app)

    const { statusCode, body } = await send(reader, sent)

    expect(statusCode).toBe(422)
    expect(body).toContain(`<p class="error" id="${field}-error">${expected}</p>`)
    expect(body).toMatch(new RegExp(`id="${field}"[^>]*aria-invalid="true"`))
    expect(body).toContain(`<a href="#${field}">${expected}</a>`)
    expectTyped(body, sent)
    expect(reviews.reviews.size).toBe(0)
  })

  it('keeps a text of any length that a person may paste', async () => {
    const { app } = await open({
      writeReview: async () => Promise.reject(unavailable('No connection')),
    })
    const reader = await signIn(app)
    const long = { ...typed, text: '猫'.repeat(20_000) }

    const { statusCode, body } = await send(reader, long)

    expect(statusCode).toBe(503)
    expectTyped(body, long)
  })

  it.each([
    ['away', async () => Promise.reject(unavailable('No connection')), 503, 'We cannot reach our reviews just now.'],
    [
      'asked too often',
      async () =>
        Promise.reject(resourceExhausted('Too many', { retryInfo: { retryDelay: { seconds: 90, nanos: 0 } } })),
      429,
      'That was too often. Please try again in 90 seconds.',
    ],
  ])('keeps what was typed where reviews is %s', async (_what, writeReview, status, expected) => {
    const { app } = await open({ writeReview })
    const reader = await signIn(app)

    const { statusCode, headers, body } = await send(reader, typed)

    expect([statusCode, Number(headers['retry-after']) > 0]).toEqual([status, true])
    expect(body).toContain(expected)
    expectTyped(body, typed)
  })

  it('keeps what was typed where accounts is away', async () => {
    const { app, reviews } = await open({}, fakeAccounts({ getSession: async () => Promise.reject(unavailable('No')) }))

    const { statusCode, body } = await send(createBrowser(app), typed, 'session-5000=session-1')

    expect(statusCode).toBe(503)
    expect(body).toContain('We cannot reach our accounts just now')
    expectTyped(body, typed)
    expect(reviews.reviews.size).toBe(0)
  })

  it('is not found for a book that there is not', async () => {
    const { app } = await open()
    const reader = await signIn(app)

    expect((await reader.open('/books/99999/review')).statusCode).toBe(404)
    expect((await send(reader, typed, undefined, 99_999)).statusCode).toBe(404)
  })

  it('says that reviews is away, rather than showing a form without what was written before', async () => {
    const { app } = await open({ listReviews: async () => Promise.reject(unavailable('No connection')) })
    const reader = await signIn(app)

    const { statusCode, body } = await reader.open('/books/5/review')

    expect(statusCode).toBe(503)
    expect(body).toContain('Our reviews are out of reach')
    expect(body).toContain('data-fallback="reviews"')
  })

  it('is refused from another site', async () => {
    const { app, reviews } = await open()
    const reader = await signIn(app)
    const payload = new URLSearchParams(typed).toString()
    const type = 'application/x-www-form-urlencoded'

    const headers = { cookie: reader.cookie(), 'content-type': type, 'sec-fetch-site': 'cross-site' }
    const { statusCode } = await app.inject({ method: 'POST', url: '/books/5/review', headers, payload })

    expect([statusCode, reviews.reviews.size]).toEqual([403, 0])
  })
})

describe('a session that ends while a review is written', () => {
  it('loses nothing: the form asks for the password, signs in and sends', async () => {
    const { app, reviews } = await open()
    const ended = createBrowser(app)

    const refused = await send(ended, typed, 'session-5000=of-another-day')
    const wrong = await send(ended, { ...typed, email: ada.email, password: 'a wrong password' })
    const before = reviews.reviews.size
    const sent = await send(ended, { ...typed, email: ada.email, password })
    const page = await ended.open('/books/5')

    expect(refused.statusCode).toBe(422)
    expect(refused.body).toContain('You are not signed in any more. What you wrote is still here')
    expectTyped(refused.body, typed)
    expect(refused.body).toContain('type="password"')
    expect(wrong.body).toContain('The address or the password is wrong.')
    expectTyped(wrong.body, { ...typed, email: ada.email })
    expect(wrong.body).not.toContain('a wrong password')
    expect([before, sent.statusCode, sent.headers.location]).toEqual([0, 303, '/books/5'])
    expect(page.body).toContain('Your account: </span>Ada Lovelace')
    expect(page.body).toContain('by The countess')
  })

  it('stays signed in where the review itself is refused then', async () => {
    const { app } = await open()
    const ended = createBrowser(app)

    const refused = await send(ended, { ...typed, stars: '0', email: ada.email, password })
    const sent = await send(ended, typed)

    expect(refused.body).toContain('Stars must be from 1 to 5.')
    expect(refused.body).not.toContain('type="password"')
    expect(refused.body).toContain('Your account: </span>Ada Lovelace')
    expect(sent.statusCode).toBe(303)
  })
})

type Visitor = ReturnType<typeof createBrowser>

/** Sends the form as a browser does that says which page it is from. */
function send(visitor: Visitor, fields: Record<string, string>, cookie = visitor.cookie(), bookId = 5) {
  return visitor.send(`/books/${bookId}/review`, fields, { ...sameOrigin, cookie })
}

async function open(
  handlers: Parameters<ReturnType<typeof createFakeReviews>['service']>[0] = {},
  accounts: Service = fakeAccounts(),
) {
  const reviews = createFakeReviews()
  const services = [reviews.service(handlers), accounts, fakeRecommendations(), fakeInventory()]
  const { app, close } = await openShopOver(services, { FORMS_PER_MINUTE: 1_000 })
  opened.defer(close)
  return { app, reviews }
}

function expectTyped(html: string, { stars = '', title = '', text = '', name = '', email }: Record<string, string>) {
  if (/^[1-5]$/.test(stars)) expect(html).toContain(`<option value="${stars}" selected>`)
  expect([valueOf(html, 'title'), valueOf(html, 'name')]).toEqual([title, name])
  expect(html).toContain(`\n${text}</textarea>`)
  if (email !== undefined) expect(valueOf(html, 'email')).toBe(email)
}

function valueOf(html: string, name: string): string | undefined {
  return new RegExp(`name="${name}" type="\\w+" value="([^"]*)"`).exec(html)?.[1]
}
