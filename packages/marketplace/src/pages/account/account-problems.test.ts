import type { AccountsServiceService } from '@books/proto'
import {
  type Handlers,
  invalidArgument,
  RpcError,
  resourceExhausted,
  retryAfter,
  Status,
  unauthenticated,
  unavailable,
} from '@books/rpc'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { ada, fakeAccounts, linkToken, password } from '../../accounts.fixture.ts'
import { createFakeCarts } from '../../carts.fixture.ts'
import { fakeReviews } from '../../reviews.fixture.ts'
import { fakeArticles, fakeInventory, fakeRecommendations } from '../../services.fixture.ts'
import { createBrowser, signIn } from '../../sessions/sign-in.fixture.ts'
import { openShopOver } from '../../shop.fixture.ts'

const away = async () => Promise.reject(unavailable('No connection'))

/** Every form, with the method that it calls. */
const forms = [
  ['/sign-up', 'requestSignUp', { email: ada.email }],
  [`/sign-up?token=${linkToken}`, 'signUp', { name: 'Ada', password }],
  ['/sign-in', 'signIn', { email: ada.email, password }],
  ['/reset-password', 'requestPasswordReset', { email: ada.email }],
  [`/reset-password?token=${linkToken}`, 'resetPassword', { new_password: password }],
  [`/account/email?token=${linkToken}`, 'changeEmail', {}],
] as const

const formsOfReaders = [
  ['/account', 'updateProfile', { name: 'Ada' }],
  ['/account/password', 'changePassword', { old_password: password, new_password: password }],
  ['/account/email', 'requestEmailChange', { new_email: 'countess@books.example', password }],
  ['/account/delete', 'deleteAccount', { password }],
] as const

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

describe('a form that was sent too often', () => {
  it.each([
    [40_000, 'Please try again in 40 seconds.', '40'],
    [600, 'Please try again in a second.', '1'],
    [900_000, 'Please try again in 15 minutes.', '900'],
  ])('says when to try again: after %i ms', async (delayMs, sentence, header) => {
    const tooOften = async () => Promise.reject(resourceExhausted('Too many', retryAfter(delayMs)))
    const browser = createBrowser(await open({ signIn: tooOften }))

    const { statusCode, headers, body } = await browser.submit('/sign-in', { email: ada.email, password })

    expect([statusCode, headers['retry-after'], headers['cache-control']]).toEqual([429, header, 'no-store'])
    expect(body).toContain(sentence)
    expect(body).toContain(`value="${ada.email}"`)
    expect(body).not.toContain('data-fallback')
  })
})

describe('a form with something wrong in no field of it', () => {
  it.each([invalidArgument('origin', 'is malformed'), new RpcError(Status.INVALID_ARGUMENT, 'hunter2')])(
    'says so',
    async (refusal) => {
      const browser = createBrowser(await open({ requestSignUp: async () => Promise.reject(refusal) }))

      const { statusCode, body } = await browser.submit('/sign-up', { email: ada.email })

      expect(statusCode).toBe(422)
      expect(body).toContain('<li>Something in the form is malformed.</li>')
      expect(body).not.toContain('hunter2')
    },
  )
})

describe('while accounts does not answer', () => {
  it.each([...forms, ...formsOfReaders])('%s says so, and keeps what was typed', async (page, method, fields) => {
    const app = await open({ [method]: away })
    const isOfReader = formsOfReaders.some(([each]) => each === page)
    const browser = isOfReader ? await signIn(app) : createBrowser(app)

    const { statusCode, headers, body } = await browser.submit(page, fields)

    expect([statusCode, headers['retry-after']]).toEqual([503, '5'])
    expect(body).toContain('We cannot reach our accounts just now')
    expect(body).toContain('data-fallback="accounts"')
    for (const [name, value] of Object.entries(fields)) {
      const isSecret = name.includes('password')
      expect([name, body.includes(`value="${value}"`)]).toEqual([name, !isSecret])
    }
  })

  it('every other page opens, says so, and keeps the session', async () => {
    const app = await open({ getSession: away })
    const browser = await signIn(app)

    for (const url of [
      '/',
      '/categories/mystery',
      '/books/5',
      '/search?q=dune',
      '/taste',
      '/articles',
      '/articles/1',
    ]) {
      const { statusCode, body, cookies } = await browser.open(url)

      expect([url, statusCode]).toEqual([url, 200])
      expect(body).toContain('data-fallback="accounts">We cannot look up your account just now. You stay signed in')
      expect(body.match(/data-fallback/g)).toHaveLength(1)
      expect(body).not.toContain('Sign in')
      expect(cookies.map(({ name }) => name)).not.toContain('session-5000')
    }
    expect(browser.cookie()).toContain('session-5000=session-1')
  })

  it.each(['/account', '/account/password', '/account/email', '/account/delete', '/account/export'])(
    '%s does not ask to sign in again',
    async (url) => {
      const browser = await signIn(await open({ getSession: away }))

      const { statusCode, headers, body } = await browser.open(url)

      expect([statusCode, headers['retry-after'], headers.location]).toEqual([503, '5', undefined])
      expect(body).toContain('Your account is out of reach')
      expect(body).toContain('data-fallback="accounts"')
      expect(browser.cookie()).toContain('session-5000=session-1')
    },
  )

  it('the download says that it has to wait', async () => {
    const browser = await signIn(await open({ exportAccount: away }))

    const { statusCode, headers, body } = await browser.open('/account/export')

    expect([statusCode, headers['content-disposition']]).toEqual([503, undefined])
    expect(body).toContain('Your account is out of reach')
  })

  it('the page of an account opens without the list of sessions', async () => {
    const browser = await signIn(await open({ listSessions: away }))

    const { statusCode, body } = await browser.open('/account')

    expect(statusCode).toBe(200)
    expect(body).toMatch(/data-fallback="accounts">[\s\S]*We cannot list your sessions just now/)
  })

  it('signing out removes the session from the browser, and says that it may live on', async () => {
    const browser = await signIn(await open({ signOut: away }))

    const { statusCode, body } = await browser.submit('/account', {}, '/sign-out')

    expect(statusCode).toBe(200)
    expect(body).toContain('You are signed out here')
    expect(browser.cookie()).not.toContain('session-5000=')
  })

  it('anonymous visitors notice nothing', async () => {
    const app = await open({ getSession: away })

    const { body } = await app.inject('/')

    expect(body).not.toContain('data-fallback')
  })
})

describe('a session that ended', () => {
  it.each(formsOfReaders)('is removed from the browser, which may sign in again: %s', async (page, method, fields) => {
    const ended = async () => Promise.reject(unauthenticated('The session has ended'))
    const browser = await signIn(await open({ [method]: ended }))

    const { statusCode, headers } = await browser.submit(page, fields)

    expect([statusCode, headers.location]).toEqual([303, '/sign-in?return_to=%2Faccount'])
    expect(browser.cookie()).not.toContain('session-5000=')
  })
})

describe('pages about accounts', () => {
  it.each([
    ['/sign-up', 200],
    [`/sign-up?token=${linkToken}`, 200],
    ['/sign-up?token=<script>', 400],
    ['/sign-in', 200],
    ['/reset-password', 200],
    [`/reset-password?token=${linkToken}`, 200],
    [`/account/email?token=${linkToken}`, 200],
    ['/account', 303],
  ])('are not stored, send no token on, and are not indexed: %s', async (url, code) => {
    const { statusCode, headers, body } = await (await open()).inject(url)

    expect(statusCode).toBe(code)
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'strict-origin' })
    if (code === 200) expect(body).toContain('<meta name="robots" content="noindex">')
  })

  it.each(['/sign-up', '/sign-in', '/sign-out', '/account', '/account/password', '/account/email', '/account/delete'])(
    'refuse a form without a token: %s',
    async (url) => {
      const browser = await signIn(await open())

      const { statusCode } = await browser.send(url, { email: ada.email, password, name: 'Eve' })

      expect(statusCode).toBe(403)
      expect(browser.cookie()).toContain('session-5000=session-1')
    },
  )

  it('say to accounts where a form comes from', async () => {
    const origins: unknown[] = []
    const app = await open({
      async requestSignUp({ origin }) {
        origins.push(origin)
        return {}
      },
    })

    await createBrowser(app).submit('/sign-up', { email: ada.email })

    expect(origins).toEqual([{ network: '127.0.0.1', userAgent: 'lightMyRequest' }])
  })
})

async function open(handlers: Partial<Handlers<typeof AccountsServiceService>> = {}) {
  const services = [
    fakeAccounts(handlers),
    fakeRecommendations(),
    fakeInventory(),
    fakeReviews(),
    fakeArticles(),
    createFakeCarts().service(),
  ]
  const shop = await openShopOver(services)
  opened.defer(shop.close)
  return shop.app
}
