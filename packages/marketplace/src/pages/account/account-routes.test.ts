import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { ada, fakeAccounts, linkToken, password } from '../../accounts.fixture.ts'
import { createFakeCarts } from '../../carts.fixture.ts'
import { fakeInventory, fakeRecommendations } from '../../services.fixture.ts'
import { createBrowser, signIn } from '../../sessions/sign-in.fixture.ts'
import { openShopOver, type Variables } from '../../shop.fixture.ts'

const newPassword = 'another long engine'

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

describe('signing up', () => {
  it('asks for an address, and says of any that a mail was sent', async () => {
    const browser = createBrowser(await open())

    const asked = await browser.submit('/sign-up', { email: 'new@books.example' })

    expect([asked.statusCode, asked.headers.location]).toEqual([303, '/sign-up?sent=1'])
    const { body } = await browser.open('/sign-up?sent=1')
    expect(body).toContain('We have sent a mail.')
    expect(body).not.toContain('new@books.example')
  })

  it('takes a name and a password by the link of the mail, and signs in', async () => {
    const browser = createBrowser(await open())

    const done = await browser.submit(`/sign-up?token=${linkToken}`, {
      name: 'Ada King',
      password: newPassword,
      accepts_offers: 'yes',
    })

    expect([done.statusCode, done.headers.location]).toEqual([303, '/account?done=sign-up'])
    const { body } = await browser.open('/account?done=sign-up')
    expect(body).toContain('Welcome.')
    expect(body).toContain('<span class="unseen">Your account: </span>Ada King</a>')
    expect(body).toMatch(/name="accepts_offers"[^>]* checked/)
  })

  it('shows what is wrong beside each field, and keeps what was typed but for the password', async () => {
    const browser = createBrowser(await open())

    const wrong = await browser.submit(`/sign-up?token=${linkToken}`, {
      name: 'Ada & co',
      password: 'too short',
      accepts_offers: 'yes',
    })

    expect(wrong.statusCode).toBe(422)
    expect(wrong.body).toContain('<title>Problem: Create your account · Books</title>')
    expect(wrong.body).toContain('<a href="#password">Password must have at least 15 characters.</a>')
    expect(wrong.body).toContain('id="password-error">Password must have at least 15 characters.</p>')
    expect(inputIn(wrong.body, 'password')).toMatch(
      /value="" .*aria-describedby="password-hint password-error" aria-invalid="true"/,
    )
    expect(inputIn(wrong.body, 'name')).toContain('value="Ada &amp; co"')
    expect(inputIn(wrong.body, 'name')).not.toContain('aria-invalid')
    expect(inputIn(wrong.body, 'accepts_offers')).toContain(' checked')
    expect(wrong.body).not.toContain('too short')
    expect(wrong.body).toContain(`name="token" value="${linkToken}"`)
  })

  it.each(['/sign-up', '/reset-password', '/account/email'])(
    'says that a link was used or is too old: %s',
    async (page) => {
      const browser = createBrowser(await open())

      const used = await browser.submit(`${page}?token=used`, { name: 'Ada', password, new_password: newPassword })

      expect(used.statusCode).toBe(404)
      expect(used.body).toContain('This link does not work any more')
      expect(used.body).toContain(`<a href="${page}">Ask for another link</a>`)
      expect(browser.cookie()).not.toContain('session-5000=')
    },
  )
})

describe('signing in', () => {
  it('returns to where the visitor was, with the name in the masthead', async () => {
    const browser = createBrowser(await open())
    const { body } = await browser.open('/books/5')
    const link = /<a class="account-link" href="([^"]+)">\s*Sign in/.exec(body)?.[1]?.replaceAll('&#x3D;', '=') ?? ''

    const signedIn = await browser.submit(link, { email: ada.email, password })

    expect(link).toBe('/sign-in?return_to=%2Fbooks%2F5')
    expect([signedIn.statusCode, signedIn.headers.location]).toEqual([303, '/books/5'])
    expect((await browser.open('/books/5')).body).toContain('Ada Lovelace')
    expect((await browser.open('/sign-in?return_to=/articles')).headers.location).toBe('/articles')
  })

  it('never leaves the shop', async () => {
    const browser = createBrowser(await open())

    const signedIn = await browser.submit('/sign-in', { email: ada.email, password, return_to: '//evil.example' })

    expect(signedIn.headers.location).toBe('/')
  })

  it('says the same of a wrong password and of an unknown address', async () => {
    const app = await open()
    const answers = []
    for (const typed of [
      { email: ada.email, password: 'something else altogether' },
      { email: 'stranger@books.example', password },
    ]) {
      const { statusCode, body } = await createBrowser(app).submit('/sign-in', typed)
      expect(body).toContain(`value="${typed.email}"`)
      expect(body).not.toContain(typed.password)
      answers.push([statusCode, withoutSecrets(body).replaceAll(typed.email, 'the address')])
    }

    expect(answers[0]).toEqual(answers[1])
    expect(answers[0]?.[0]).toBe(422)
    expect(answers[0]?.[1]).toContain('id="password-error">The address or the password is wrong.</p>')
  })

  it('begins a new session each time, and ends the one before', async () => {
    const ended: string[] = []
    const browser = createBrowser(
      await open(fakeAccounts({ signOut: async ({ sessionToken }) => (ended.push(sessionToken), {}) })),
    )
    const form = await browser.open('/sign-in')
    const fields = { email: ada.email, password, _csrf: tokenOf(form.body) }
    await browser.send('/sign-in', fields)

    await browser.send('/sign-in', fields)

    expect(browser.cookie()).toContain('session-5000=session-2')
    while (ended.length === 0) await new Promise(setImmediate)
    expect(ended).toEqual(['session-1'])
  })

  it.each([
    [{}, { name: 'session-5000', httpOnly: true, sameSite: 'Lax', path: '/' }],
    [
      { PUBLIC_URL: 'https://books.example' },
      { name: '__Host-session', httpOnly: true, sameSite: 'Lax', path: '/', secure: true },
    ],
  ])('keeps the session in a cookie that scripts and other sites do not get: %j', async (variables, expected) => {
    const browser = createBrowser(await open(fakeAccounts(), variables))

    const { cookies } = await browser.submit('/sign-in', { email: ada.email, password })

    const cookie = cookies.find(({ name }) => name.includes('session'))
    expect(cookie).toMatchObject({ ...expected, value: 'session-1' })
    expect(cookie).not.toHaveProperty('domain')
  })
})

describe('signing out', () => {
  it('ends the session and forgets what was said in this browser', async () => {
    const app = await open()
    const browser = await signIn(app)
    await browser.say(5, 'liked')
    const before = browser.cookie()

    const out = await browser.submit('/account', {}, '/sign-out')

    expect([out.statusCode, out.headers.location]).toEqual([303, '/'])
    expect(browser.cookie()).not.toMatch(/session-5000=|taste-5000=/)
    // A copy of the cookie is refused at once, however fresh the last answer was.
    const { body } = await app.inject({ url: '/', headers: { cookie: before } })
    expect(body).not.toContain('Ada Lovelace')
    expect(body).toContain('Sign in')
  })
})

describe('the page of an account', () => {
  it('shows what is known, and where the reader is signed in', async () => {
    const browser = await signIn(await open())

    const { statusCode, body } = await browser.open('/account')

    expect(statusCode).toBe(200)
    expect(body).toContain('You sign in as <strong>ada@books.example</strong>.')
    expect(body).toContain('Your account is from 1 November 2026.')
    expect(body).toMatch(/<strong>Another program<\/strong> \(here\)[\s\S]*from 192\.0\.2\.1/)
    expect(body).toMatch(/<strong>Firefox on Linux<\/strong>\s*<p class="hint">\s*since 2 November 2026/)
    expect(body).not.toContain('session-1')
  })

  it('changes name and offers, which the next page shows', async () => {
    const browser = await signIn(await open())

    const saved = await browser.submit('/account', { name: 'Countess', accepts_offers: 'yes' })

    expect(saved.headers.location).toBe('/account?done=profile')
    const { body } = await browser.open('/account?done=profile')
    expect(body).toContain('Saved.')
    expect(body).toContain('<span class="unseen">Your account: </span>Countess</a>')
    expect(inputIn(body, 'accepts_offers')).toContain(' checked')
  })

  it('refuses an empty name beside its field', async () => {
    const browser = await signIn(await open())

    const { statusCode, body } = await browser.submit('/account', { name: ' ' })

    expect(statusCode).toBe(422)
    expect(body).toContain('id="name-error">Name must not be empty.</p>')
  })

  it('ends the other sessions', async () => {
    const browser = await signIn(await open())

    const ended = await browser.submit('/account', {}, '/account/sessions')

    expect(ended.headers.location).toBe('/account?done=sessions')
    expect((await browser.open('/account?done=sessions')).body).toContain('Your other sessions have ended.')
  })

  it('is downloaded as JSON', async () => {
    const browser = await signIn(await open())

    const { headers, body } = await browser.open('/account/export')

    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': 'attachment; filename="books-account.json"',
      'cache-control': 'no-store',
    })
    expect(JSON.parse(body)).toEqual({ name: 'Ada Lovelace', email: 'ada@books.example' })
  })

  it('is deleted with the password, and only with it', async () => {
    const browser = await signIn(await open())

    const refused = await browser.submit('/account/delete', { password: 'a guess of some length' })
    const deleted = await browser.submit('/account/delete', { password })

    expect(refused.statusCode).toBe(422)
    expect(refused.body).toContain('id="password-error">The password is wrong.</p>')
    expect([deleted.statusCode, deleted.headers.location]).toEqual([303, '/sign-in?done=deleted'])
    expect(browser.cookie()).not.toContain('session-5000=')
    expect((await browser.open('/sign-in?done=deleted')).body).toContain('Your account is deleted.')
  })
})

describe('changing the password', () => {
  it('asks for the old one, and replaces the session', async () => {
    const browser = await signIn(await open())

    const refused = await browser.submit('/account/password', {
      old_password: 'a wrong one of length',
      new_password: newPassword,
    })
    const changed = await browser.submit('/account/password', { old_password: password, new_password: newPassword })

    expect(refused.body).toContain('id="old-password-error">The password is wrong.</p>')
    expect(inputIn(refused.body, 'email')).toMatch(/value="ada@books.example" autocomplete="username".* readonly/)
    expect([changed.statusCode, changed.headers.location]).toEqual([303, '/account?done=password'])
    expect(browser.cookie()).toContain('session-5000=session-2')
    expect((await browser.open('/account?done=password')).body).toContain('Your password is changed')
  })

  it('by the link of a mail signs in', async () => {
    const browser = createBrowser(await open())

    const asked = await browser.submit('/reset-password', { email: ada.email })
    const reset = await browser.submit(`/reset-password?token=${linkToken}`, { new_password: newPassword })

    expect(asked.headers.location).toBe('/reset-password?sent=1')
    expect(reset.headers.location).toBe('/account?done=password')
    expect((await browser.open('/')).body).toContain('Ada Lovelace')
  })
})

describe('changing the address', () => {
  it('mails a link to the new one', async () => {
    const browser = await signIn(await open())

    const wrong = await browser.submit('/account/email', { new_email: 'countess', password })
    const asked = await browser.submit('/account/email', { new_email: 'countess@books.example', password })

    expect(wrong.body).toContain('New email address must be an address such as ada@books.example.')
    expect(inputIn(wrong.body, 'new_email')).toContain('value="countess"')
    expect(asked.headers.location).toBe('/account/email?sent=1')
  })

  it('is confirmed by a button, and not by following the link', async () => {
    const changes: string[] = []
    const changeEmail = async ({ token }: { token: string }) => (changes.push(token), { account: ada })
    const browser = await signIn(await open(fakeAccounts({ changeEmail })))

    const { body } = await browser.open(`/account/email?token=${linkToken}`)
    expect(changes).toEqual([])
    expect(body).toContain('Use this address')
    const confirmed = await browser.submit(`/account/email?token=${linkToken}`, {})

    expect(changes).toEqual([linkToken])
    expect(confirmed.headers.location).toBe('/account?done=email')
  })

  it('is confirmed without a session, too', async () => {
    const browser = createBrowser(await open())

    const confirmed = await browser.submit(`/account/email?token=${linkToken}`, {})

    expect(confirmed.headers.location).toBe('/sign-in?done=email')
  })
})

describe('a guest', () => {
  it.each(['/account', '/account/password', '/account/email', '/account/delete', '/account/export'])(
    'is asked to sign in, and returns to %s',
    async (page) => {
      const { statusCode, headers } = await (await open()).inject(page)

      expect([statusCode, headers.location]).toEqual([303, `/sign-in?return_to=${encodeURIComponent(page)}`])
    },
  )
})

async function open(accounts = fakeAccounts(), variables: Variables = {}) {
  const shop = await openShopOver(
    [accounts, createFakeCarts().service(), fakeRecommendations(), fakeInventory()],
    variables,
  )
  opened.defer(shop.close)
  return shop.app
}

function inputIn(html: string, name: string): string {
  return new RegExp(`<input[^>]* name="${name}"[^>]*>`).exec(html)?.[0] ?? ''
}

function tokenOf(html: string): string {
  return /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? ''
}

function withoutSecrets(html: string): string {
  return html.replaceAll(/name="_csrf" value="[^"]+"/g, '')
}
