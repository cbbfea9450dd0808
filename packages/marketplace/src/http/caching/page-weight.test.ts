import { findBrowser, startBrowser } from '@books/runtime/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, BrowserContext } from 'playwright-core'
import { encodePreferences } from '../../preferences/preferences.ts'
import { fakeArticles, fakeInventory, fakeRecommendations } from '../../services.fixture.ts'
import { openShopOver, type TestShop } from '../../shop.fixture.ts'

const executable = findBrowser()

// Skipped on machines without Chromium; CI has it.
;(executable ? describe : describe.skip)('what the front page loads, in Chromium', () => {
  let browser: Browser
  let shop: TestShop
  let url: string
  beforeAll(async () => {
    browser = await startBrowser(executable ?? '')
    shop = await openShopOver([fakeRecommendations(), fakeInventory(), fakeArticles()], { FRESH_MS: 600_000 })
    url = await shop.app.listen({ host: '127.0.0.1', port: 0 })
  })
  afterAll(async () => {
    await browser?.close()
    await shop?.close()
  })

  it('is itself, one stylesheet and the favicon, and at most 40 KB with every shelf', async () => {
    const reader = await newReader()

    const { page, asked, bytes } = await visit(reader)

    const shelves = await page
      .locator('section.shelf')
      .evaluateAll((all) => all.map(({ ariaLabelledByElements }) => ariaLabelledByElements?.[0]?.id))
    expect(shelves).toEqual(
      ['picks', 'for-you', 'trending', 'romance', 'historical-fiction', 'horror', 'classics', 'journal'].map(
        (id) => `${id}-heading`,
      ),
    )
    expect(asked.filter(({ path }) => !path?.startsWith('/assets/favicon.')).map(({ path }) => path)).toEqual([
      '/',
      expect.stringMatching(/^\/assets\/store\.[0-9a-f]{12}\.css$/),
    ])
    expect(bytes()).toBeGreaterThan(10_000)
    expect(bytes()).toBeLessThanOrEqual(40_000)
  })

  it('is less than 1 KB on the next visit', async () => {
    const reader = await newReader()
    await (await visit(reader)).page.close()

    const { page, asked, bytes } = await visit(reader)

    expect(asked).toEqual([{ path: '/', status: 304 }])
    expect(bytes()).toBeLessThan(1_000)
    expect(await page.locator('.cover svg').count()).toBeGreaterThan(30)
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).not.toBe('rgba(0, 0, 0, 0)')
  })

  async function newReader(): Promise<BrowserContext> {
    const reader = await browser.newContext()
    const preferences = encodePreferences([{ bookId: 5, verdict: 'liked' }])
    await reader.addCookies([
      { name: shop.app.cookieNames.preferences, value: encodeURIComponent(shop.app.signCookie(preferences)), url },
    ])
    return reader
  }

  /** Opens the front page, and reports the requests and bytes on the network; the browser's cache makes none. */
  async function visit(reader: BrowserContext) {
    const page = await reader.newPage()
    const network = await reader.newCDPSession(page)
    // Events of a response may precede those of its request.
    const statuses = new Map<string, number>()
    const paths = new Map<string, string>()
    let total = 0
    network.on('Network.requestWillBeSent', ({ requestId, request }) =>
      paths.set(requestId, new URL(request.url).pathname),
    )
    // Sent only for responses from the network.
    network.on('Network.responseReceivedExtraInfo', ({ requestId, statusCode }) => statuses.set(requestId, statusCode))
    network.on('Network.loadingFinished', ({ encodedDataLength }) => {
      total += encodedDataLength
    })
    await network.send('Network.enable')
    await page.goto(url, { waitUntil: 'networkidle' })
    const asked = [...statuses].map(([requestId, status]) => ({ path: paths.get(requestId), status }))
    return { page, asked, bytes: () => total }
  }
})
