import { unavailable } from '@books/rpc'
import { findBrowser, startBrowser } from '@books/runtime/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { ada, fakeAccounts, linkToken, password } from '../../src/accounts.fixture.ts'
import { createFakeCarts } from '../../src/carts.fixture.ts'
import { fakeArticles, fakeInventory, fakeRecommendations } from '../../src/services.fixture.ts'
import { openShopOver, type TestShop } from '../../src/shop.fixture.ts'
import { findPageProblems } from '../../testing/index.ts'

const executable = findBrowser()

/** The pages of a guest that differ in more than a word, and what is typed and sent on them, by the names of the fields. */
const guestPages: Record<string, [path: string, typed?: Record<string, string>]> = {
  'sign-up': ['/sign-up'],
  'sign-up-link': [`/sign-up?token=${linkToken}`],
  'sign-up-link-wrong': [`/sign-up?token=${linkToken}`, { name: ' ', password: 'short' }],
  'used-link': ['/sign-up?token=used', { name: 'Ada', password }],
  'sign-in': ['/sign-in?return_to=/books/5'],
  'sign-in-wrong': ['/sign-in', { email: ada.email, password: 'a wrong password' }],
  'confirm-email': [`/account/email?token=${linkToken}`],
}

/** The same of a reader. */
const readerPages: typeof guestPages = {
  'home-signed-in': ['/'],
  account: ['/account?done=profile'],
  'change-password-wrong': ['/account/password', { old_password: 'wrong', new_password: 'short' }],
  'delete-account': ['/account/delete'],
}

/** The same of a reader while accounts does not answer. */
const unknownPages: typeof guestPages = {
  'home-unknown': ['/'],
  'account-unknown': ['/account'],
  'sign-in-away': ['/sign-in', { email: ada.email, password }],
}

// Where a machine has no Chromium these are reported as skipped; CI always has one.
;(executable ? describe : describe.skip)('the pages about accounts, in Chromium', () => {
  let shop: TestShop
  let shopAlone: TestShop
  let browser: Browser
  let guest: BrowserContext
  let reader: BrowserContext
  let unknown: BrowserContext
  let url: string

  beforeAll(async () => {
    const others = [fakeRecommendations(), fakeInventory(), fakeArticles(), createFakeCarts().service()]
    const away = async () => Promise.reject(unavailable('No connection'))
    shop = await openShopOver([fakeAccounts(), ...others], { FORMS_PER_MINUTE: 1_000 })
    shopAlone = await openShopOver([fakeAccounts({ getSession: away, signIn: away }), ...others])
    url = await shop.app.listen({ host: '127.0.0.1', port: 0 })
    const urlAlone = await shopAlone.app.listen({ host: '127.0.0.1', port: 0 })
    browser = await startBrowser(executable ?? '')
    const open = (baseURL: string) => browser.newContext({ baseURL, javaScriptEnabled: true })
    guest = await open(url)
    reader = await open(url)
    unknown = await open(urlAlone)
    await reader.addCookies([{ name: shop.app.cookieNames.session, value: 'session-ada', url }])
    await unknown.addCookies([{ name: shopAlone.app.cookieNames.session, value: 'session-ada', url: urlAlone }])
  })
  afterAll(async () => {
    await browser?.close()
    await shop?.close()
    await shopAlone?.close()
  })

  describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
    it.each(Object.entries({ ...guestPages, ...readerPages, ...unknownPages }))(
      '%s can be used by everyone, as far as axe can tell',
      async (name, [path, typed]) => {
        const visitor = name in guestPages ? guest : name in readerPages ? reader : unknown
        const page = await visitor.newPage()
        await page.emulateMedia({ colorScheme })
        await page.goto(path)
        if (typed) await send(page, typed)

        const { violations, overflows } = await findPageProblems(page, name, colorScheme)

        expect(violations).toEqual([])
        expect(overflows).toEqual([])
        await page.close()
      },
    )
  })

  it('work with the keyboard alone and without scripts, from a book to signing in and back', async () => {
    const visitor = await browser.newContext({ baseURL: url, javaScriptEnabled: false })
    const page = await visitor.newPage()
    await page.goto('/books/5')
    await page.getByRole('link', { name: 'Sign in', exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.waitForURL('**/sign-in?**')

    await page.getByLabel('Email address').focus()
    await page.keyboard.type('ada@books.example')
    await page.keyboard.press('Tab')
    await page.keyboard.type('a wrong password')
    await page.keyboard.press('Enter')
    const link = page.getByRole('link', { name: 'The address or the password is wrong.' })
    await link.waitFor()
    // The summary has the focus, so the next stop is its link.
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.waitForURL('**#password')
    await page.keyboard.press('Tab')
    expect(await page.getByLabel('Email address').inputValue()).toBe('ada@books.example')
    await page.getByLabel('Password').focus()
    await page.keyboard.type(password)
    await page.keyboard.press('Enter')

    await page.waitForURL('**/books/5')
    await page.getByRole('link', { name: 'Your account: Ada Lovelace' }).waitFor()
    await visitor.close()
  })

  it('let a password be pasted', async () => {
    const visitor = await browser.newContext({ baseURL: url })
    const page = await visitor.newPage()
    await page.goto(`/sign-up?token=${linkToken}`)
    const field = page.getByLabel('Password')
    await page.getByLabel('Name').fill('pasted')
    await page.getByLabel('Name').press('ControlOrMeta+a')
    await page.getByLabel('Name').press('ControlOrMeta+x')
    await field.press('ControlOrMeta+v')

    expect(await field.inputValue()).toBe('pasted')
    await visitor.close()
  })
})

/** Fills the fields and sends the form, which the browser itself does not check. */
async function send(page: Page, typed: Record<string, string>): Promise<void> {
  for (const [name, value] of Object.entries(typed)) await page.locator(`main [name=${name}]`).fill(value)
  await page.evaluate("document.querySelector('main form').noValidate = true")
  await Promise.all([
    page.waitForResponse((response) => response.request().method() === 'POST'),
    page.locator('main form button').first().click(),
  ])
  await page.waitForLoadState()
}
