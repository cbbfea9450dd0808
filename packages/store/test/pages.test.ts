import { findPageProblems } from '@books/marketplace/testing'
import { findBrowser, type ProcessUnderTest, startBrowser } from '@books/runtime/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { addressOf, openStore } from '../src/store.fixture.ts'

const executable = findBrowser()

const pages = {
  home: '/',
  category: '/categories/science-fiction',
  book: '/books/5',
  'liked-book': '/books/6',
  search: '/search?q=tolkein hobbit',
  'empty-search': '/search?q=zzzzzz',
  taste: '/taste',
  'empty-cart': '/cart',
  journal: '/articles',
  article: '/articles/1',
  'no-such-page': '/nothing-here',
}

// Where a machine has no Chromium these are reported as skipped; CI always has one.
;(executable ? describe : describe.skip)('every page of the whole store, in Chromium', () => {
  let store: ProcessUnderTest
  let url: string
  let browser: Browser
  let visitor: BrowserContext

  beforeAll(async () => {
    store = openStore()
    url = await addressOf(store)
    browser = await startBrowser(executable ?? '')
    visitor = await browser.newContext()
    await say(6, 'I liked this')
    await say(40, 'Not for me')
  })
  afterAll(async () => {
    await browser?.close()
    store?.child.kill()
    await store?.ended
  })

  describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
    it.each(Object.entries(pages))('%s has no problem that axe finds, and fits three widths', async (name, path) => {
      const page = await open(path, colorScheme)

      const { violations, overflows } = await findPageProblems(page, name, colorScheme)

      expect(violations).toEqual([])
      expect(overflows).toEqual([])
      await page.close()
    })
  })

  it('can be walked through with the keyboard alone', async () => {
    const page = await open('/', 'light')

    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content')
    await page.keyboard.press('Enter')
    expect(await page.evaluate('document.activeElement.id')).toBe('content')
    await page.keyboard.press('Tab')
    expect(await page.evaluate("document.activeElement.closest('.picks') !== null")).toBe(true)
    await page.close()
  })

  it('lets a visitor say what they like, and picks by it, with the reason', async () => {
    const page = await open('/', 'light')

    const reasons = await page.locator('#for-you-heading ~ *, section:has(#for-you-heading) .reason').allTextContents()
    expect(reasons.join(' ')).toContain('Because you liked')
    await page.goto(`${url}/taste`)
    await page.getByRole('button', { name: 'Forget all of it' }).click()
    await page.getByText('You have not said anything yet.').waitFor()
    await say(6, 'I liked this')
    await page.close()
  })

  it('finds a misspelt author', async () => {
    const page = await open('/', 'light')

    await page.getByRole('searchbox').fill('tolkein')
    await page.keyboard.press('Enter')

    await page.getByRole('link', { name: 'The Hobbit' }).waitFor()
    expect(await page.locator('mark').first().textContent()).toBe('Tolkien')
    await page.close()
  })

  async function open(path: string, colorScheme: 'light' | 'dark'): Promise<Page> {
    const page = await visitor.newPage()
    await page.emulateMedia({ colorScheme })
    await page.goto(url + path)
    return page
  }

  async function say(book: number, button: string): Promise<void> {
    const page = await visitor.newPage()
    await page.goto(`${url}/books/${book}`)
    await page.getByRole('button', { name: button }).click()
    await page.getByRole('button', { name: 'Take that back' }).waitFor()
    await page.close()
  }
})
