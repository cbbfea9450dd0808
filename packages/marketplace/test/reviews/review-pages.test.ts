import { type Service, unavailable } from '@books/rpc'
import { findBrowser, startBrowser } from '@books/runtime/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { ada, fakeAccounts, password } from '../../src/accounts.fixture.ts'
import { createFakeCarts } from '../../src/carts.fixture.ts'
import { createFakeReviews } from '../../src/reviews.fixture.ts'
import { books, fakeArticles, fakeInventory, fakeRecommendations } from '../../src/services.fixture.ts'
import { openShopOver, type TestShop } from '../../src/shop.fixture.ts'
import { findPageProblems } from '../../testing/index.ts'

const executable = findBrowser()

const text =
  'It begins as a game among children, and for most of the book I took it for one.\n\nThen I did not, and began again from the front.'
const longWord = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'.repeat(2)
const writtenAt = new Date('2026-11-03T10:00:00Z')

/** Of Ender's Game many, of Dune none; every other book has stars alone. */
const first = [
  {
    ...{
      id: 'one',
      bookId: 5,
      stars: 5,
      title: 'A game, and no game',
      text,
      name: 'Grace',
      writtenAt,
      boughtHere: true,
    },
    ...{ helpful: 31, notHelpful: 4, changedAt: writtenAt },
  },
  { id: 'two', bookId: 5, stars: 2, title: longWord, text: `${longWord} ${text}`, name: longWord, writtenAt },
  { id: 'three', bookId: 5, stars: 4, text, name: 'Alan', writtenAt, isSample: true },
  { id: 'own', bookId: 5, stars: 4, text, name: 'Ada', writtenAt, readerId: ada.readerId, isHidden: true },
  { id: 'marks', bookId: 7, stars: 3, text: `${text} a${'\u0301'.repeat(500)}`, name: 'Alan', writtenAt },
  ...Array.from({ length: 9 }, (_, nth) => ({ id: `more${nth}`, bookId: 5, stars: 5, text, name: 'Alan', writtenAt })),
  ...books.filter(({ id }) => id > 6).map(({ id }) => ({ bookId: id, stars: 1 + (id % 5) })),
]

type Visit = readonly [path: string, typed?: Record<string, string>]

/** The pages of a guest, a reader, and a visitor of the shop without reviews; what is typed and sent, by the names of the fields. */
const pages: Record<'guest' | 'reader' | 'alone', Record<string, Visit>> = {
  guest: {
    'home-rated': ['/'],
    'book-reviews': ['/books/5'],
    'book-reviews-filtered': ['/books/5?stars=2&sort=newest'],
    'book-reviews-none-of-stars': ['/books/5?stars=3'],
    'book-without-reviews': ['/books/6'],
    'shelf-by-rating': ['/categories/science-fiction?sort=rating'],
  },
  reader: {
    'book-reviews-reader': ['/books/5'],
    'review-form': ['/books/5/review'],
    'review-form-wrong': ['/books/7/review', { title: 'Without a text' }],
    'review-delete': ['/books/5/review/delete'],
    'report-form': ['/books/5/reviews/one/report'],
    'report-form-wrong': ['/books/5/reviews/one/report', { comment: 'About another book.' }],
  },
  alone: {
    'book-reviews-away': ['/books/5'],
    'shelf-by-rating-away': ['/categories/science-fiction?sort=rating'],
    'review-form-away': ['/books/5/review'],
  },
}

// Where a machine has no Chromium these are reported as skipped; CI always has one.
;(executable ? describe : describe.skip)('the pages with reviews, in Chromium', () => {
  let opened: AsyncDisposableStack
  let browser: Browser
  let shop: TestShop
  let url: string
  let visitors: Record<keyof typeof pages, BrowserContext>

  beforeAll(async () => {
    opened = new AsyncDisposableStack()
    const away = async () => Promise.reject(unavailable('No connection'))
    shop = await openShopWith(createFakeReviews(first).service())
    const alone = await openShopWith(
      createFakeReviews().service({ getRatings: away, listReviews: away, listTopRated: away }),
    )
    url = await shop.app.listen({ host: '127.0.0.1', port: 0 })
    const urlAlone = await alone.app.listen({ host: '127.0.0.1', port: 0 })
    browser = await startBrowser(executable ?? '')
    visitors = {
      guest: await browser.newContext({ baseURL: url }),
      reader: await browser.newContext({ baseURL: url }),
      alone: await browser.newContext({ baseURL: urlAlone }),
    }
    await visitors.reader.addCookies([{ name: shop.app.cookieNames.session, value: 'session-ada', url }])
    await visitors.alone.addCookies([{ name: alone.app.cookieNames.session, value: 'session-ada', url: urlAlone }])
  })
  afterAll(async () => {
    await browser?.close()
    await opened.disposeAsync()
  })

  describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
    const all = Object.entries(pages).flatMap(([visitor, own]) =>
      Object.entries(own).map(([name, visit]) => [name, visitor as keyof typeof pages, visit] as const),
    )

    it.each(all)('%s can be used by everyone, as far as axe can tell', async (name, visitor, [path, typed]) => {
      const page = await visitors[visitor].newPage()
      await page.emulateMedia({ colorScheme })
      await page.goto(path)
      if (typed) await send(page, typed)

      const { violations, overflows } = await findPageProblems(page, name, colorScheme)

      expect(violations).toEqual([])
      expect(overflows).toEqual([])
      await page.close()
    })
  })

  it('keep a review that was written when the session had ended, and work with the keyboard and without scripts', async () => {
    const visitor = await browser.newContext({ baseURL: url, javaScriptEnabled: false })
    const page = await visitor.newPage()
    await page.goto('/books/8')
    await page.getByRole('link', { name: 'Sign in to write a review' }).focus()
    await page.keyboard.press('Enter')
    await page.getByLabel('Email address').focus()
    await page.keyboard.type(ada.email)
    await page.keyboard.press('Tab')
    await page.keyboard.type(password)
    await page.keyboard.press('Enter')
    await page.waitForURL('**/books/8/review')

    await page.getByLabel('Stars').focus()
    await page.keyboard.type('4')
    await page.keyboard.press('Tab')
    await page.keyboard.type('By the keyboard alone')
    await page.keyboard.press('Tab')
    await page.keyboard.type('I never touched a mouse for this.')
    // The session ends, as by signing out everywhere else.
    await visitor.addCookies([{ name: shop.app.cookieNames.session, value: 'ended', url }])
    await page.getByRole('button', { name: 'Publish it' }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('You are not signed in any more.').waitFor()
    expect(await page.getByLabel('Text', { exact: true }).inputValue()).toBe('I never touched a mouse for this.')

    await page.getByLabel('Email address').focus()
    await page.keyboard.type(ada.email)
    await page.keyboard.press('Tab')
    await page.keyboard.type(password)
    await page.keyboard.press('Enter')
    await page.waitForURL('**/books/8')
    await page.getByText('Thank you. Your review is on this page.').waitFor()
    await page.getByRole('heading', { name: 'By the keyboard alone' }).waitFor()

    await page.goto('/books/5')
    await page.getByRole('button', { name: /^Helpful\W+A game, and no game/ }).focus()
    await page.keyboard.press('Enter')
    await page.waitForURL('**/books/5#review-one')
    await page.getByText('You found this helpful.').waitFor()
    await page.getByText('32 of 36 readers found this helpful.').waitFor()
    await visitor.close()
  })

  it('have nothing of a review outside of it, however many accents are above a letter', async () => {
    const page = await visitors.guest.newPage()
    await page.goto('/books/7')
    const { y = 0 } = (await page.locator('#review-marks').boundingBox()) ?? {}
    const above = { fullPage: true, clip: { x: 0, y: 0, width: 1_000, height: Math.floor(y) } }

    const shown = await page.screenshot(above)
    await page.evaluate("document.querySelector('#review-marks').style.visibility = 'hidden'")
    const hidden = await page.screenshot(above)

    expect(y).toBeGreaterThan(0)
    expect(shown.equals(hidden)).toBe(true)
    await page.close()
  })

  async function openShopWith(reviews: Service): Promise<TestShop> {
    const services = [reviews, fakeAccounts(), fakeRecommendations(), fakeInventory(), fakeArticles()]
    const opening = await openShopOver([...services, createFakeCarts().service()], { FORMS_PER_MINUTE: 1_000 })
    opened.defer(opening.close)
    return opening
  }
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
