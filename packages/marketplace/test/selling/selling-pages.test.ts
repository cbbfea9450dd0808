import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CancelReason, LineAvailability, OrderState } from '@books/proto'
import { failedPrecondition, unavailable } from '@books/rpc'
import { findBrowser, startBrowser } from '@books/runtime/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { ada } from '../../src/accounts.fixture.ts'
import { cancelled, confirmed, orderOf, orderSecret, reason } from '../../src/orders.fixture.ts'
import { openSellingShop, typed } from '../../src/pages/checkout/checkout.fixture.ts'
import { scarceBooks } from '../../src/services.fixture.ts'
import { findPageProblems } from '../../testing/index.ts'

const executable = findBrowser()

/** The orders that are looked at, by their ids. */
const orders = {
  'order-open': {},
  'order-paid': { ...confirmed, shippedAt: new Date('2026-11-21'), refundedCents: 1_299 },
  'order-cancelled': cancelled(CancelReason.CANCEL_REASON_DECLINED),
  'order-checked': { state: OrderState.ORDER_STATE_AUTHORIZED, redirectUrl: '' },
}

/** The pages that differ in more than a word, and what is done on them. */
const pages: Record<string, (page: Page) => Promise<unknown>> = {
  'empty-cart': (page) => page.goto('/cart'),
  'added-to-cart': (page) => addAll(page, [6]),
  cart: async (page) => {
    await addAll(page, [5, 6, 9, 10, 11])
    await page.goto('/cart')
  },
  'out-of-stock-book': (page) => page.goto(`/books/${scarceBooks.none}`),
  checkout: async (page) => {
    await addAll(page, [6, 9, 10])
    await page.goto('/checkout')
  },
  'checkout-lacking': async (page) => {
    await addAll(page, [6, 9, 10])
    await page.goto('/checkout')
    await fill(page, { name: 'Lacking' })
    await page.getByRole('button', { name: /^Pay / }).click()
    await page.getByRole('button', { name: 'Take them out of the cart' }).waitFor()
  },
  'checkout-away': async (page) => {
    await addAll(page, [6, 9])
    await page.goto('/checkout')
    await fill(page, { name: 'Away' })
    await page.getByRole('button', { name: /^Pay / }).click()
    await page.getByText('We cannot take orders just now').first().waitFor()
  },
  ...Object.fromEntries(
    Object.keys(orders).map((id) => [id, (page: Page) => page.goto(`/orders/${id}?secret=${orderSecret}`)]),
  ),
}

// Where a machine has no Chromium these are reported as skipped; CI always has one.
;(executable ? describe : describe.skip)('the pages on which books are bought, in Chromium', () => {
  let browser: Browser
  let shop: Awaited<ReturnType<typeof openSellingShop>>
  let provider: Awaited<ReturnType<typeof startProvider>>
  let url: string

  beforeAll(async () => {
    provider = await startProvider()
    shop = await openSellingShop({
      lines: {
        5: { unitPriceCents: 1_099, addedPriceCents: 999 },
        9: { availability: LineAvailability.LINE_AVAILABILITY_FEW_LEFT, copiesLeft: 2 },
        10: { availability: LineAvailability.LINE_AVAILABILITY_IN_STOCK },
        11: { availability: LineAvailability.LINE_AVAILABILITY_NOT_ENOUGH, copiesLeft: 1 },
      },
      transactions: ({ handlers, change, orders: all }) => ({
        async placeOrder(request) {
          if (request.name === 'Away') throw unavailable('No connection')
          if (request.name === 'Lacking') {
            const metadata = { book_ids: '6,9', free_6: '0', free_9: '0' }
            throw failedPrecondition('Lacking', reason('OUT_OF_STOCK', metadata))
          }
          const answer = await handlers.placeOrder(request)
          const { id } = answer.order
          change(id, { redirectUrl: `${provider.origin}/pay?back=${request.returnUrl}/${id}?secret=${answer.secret}` })
          return { ...answer, order: all.get(id) }
        },
      }),
      variables: { FORMS_PER_MINUTE: 1_000, PAYMENT_ORIGINS: provider.origin },
    })
    for (const [id, fields] of Object.entries(orders)) shop.orders.orders.set(id, { ...orderOf(id), ...fields })
    url = await shop.app.listen({ host: '127.0.0.1', port: 0 })
    browser = await startBrowser(executable ?? '')
  })
  afterAll(async () => {
    await browser?.close()
    await shop?.close()
    await provider?.stop()
  })

  describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
    it.each(Object.entries(pages))('%s has no problem that axe finds, and fits three widths', async (name, open) => {
      const visitor = await browser.newContext({ baseURL: url, colorScheme })
      const page = await visitor.newPage()
      await open(page)

      const { violations, overflows } = await findPageProblems(page, name, colorScheme)

      expect(violations).toEqual([])
      expect(overflows).toEqual([])
      await visitor.close()
    })

    it('orders has no problem that axe finds, and fits three widths', async () => {
      shop.orders.orders.set('order-ada', { ...orderOf('order-ada'), ...confirmed, readerId: ada.readerId })
      const visitor = await browser.newContext({ baseURL: url, colorScheme })
      await visitor.addCookies([{ name: shop.app.cookieNames.session, value: 'session-ada', url }])
      const page = await visitor.newPage()
      await page.goto('/orders')
      await page.getByRole('link', { name: 'Order order-ada' }).waitFor()

      const { violations, overflows } = await findPageProblems(page, 'orders', colorScheme)

      expect(violations).toEqual([])
      expect(overflows).toEqual([])
      await visitor.close()
    })
  })

  it('work with the keyboard alone and without scripts at 360 px, from the front page to the paid order', async () => {
    const visitor = await openVisitor(360)
    const page = await visitor.newPage()
    await page.goto('/')
    for (const nth of [0, 1, 2]) await press(page, page.getByRole('button', { name: /^Add to cart/ }).nth(nth))
    await page.getByRole('status').filter({ hasText: 'is in your cart' }).waitFor()
    await press(page, page.getByRole('link', { name: 'Cart (3)' }))
    await page.getByText('Buy two, get the cheapest third free').waitFor()
    await press(page, page.getByRole('link', { name: 'Go to the checkout' }))
    await page.waitForURL('**/checkout')
    for (const [label, text] of Object.entries({
      'Email address': typed.email,
      Name: typed.name,
      'Street and number': typed.street,
      'Postal code': typed.postal_code,
      City: typed.city,
      Country: 'Germ',
    })) {
      await page.getByLabel(label, { exact: true }).focus()
      await page.keyboard.type(text)
    }
    await press(page, page.getByRole('button', { name: 'Pay €25.98' }))

    await page.waitForURL(`${provider.origin}/pay**`)
    const order = [...shop.orders.orders.values()].find(({ name }) => name === typed.name)
    shop.orders.change(order!.id, confirmed)
    await press(page, page.getByRole('link', { name: 'Back to the shop' }))
    await page.getByRole('heading', { name: 'Thank you' }).waitFor()

    expect(order?.address?.country).toBe('DE')
    await visitor.close()
  })

  it('show an order that is paid meanwhile without a script', async () => {
    shop.orders.orders.set('order-later', { ...orderOf('order-later'), placedAt: new Date() })
    const visitor = await openVisitor(768)
    const page = await visitor.newPage()
    await page.goto(`/orders/order-later?secret=${orderSecret}`)
    await page.getByRole('heading', { name: 'Waiting for your payment' }).waitFor()

    shop.orders.change('order-later', confirmed)

    await page.getByRole('heading', { name: 'Thank you' }).waitFor()
    expect(await page.getByText('Cancel the order').count()).toBe(0)
    await visitor.close()
  })

  it('tell the payment provider nothing of the secret in the link of an order', async () => {
    const redirectUrl = `${provider.origin}/from-the-order`
    shop.orders.orders.set('order-secret', { ...orderOf('order-secret'), redirectUrl })
    const visitor = await openVisitor(768)
    const page = await visitor.newPage()
    await page.goto(`/orders/order-secret?secret=${orderSecret}`)

    await press(page, page.getByRole('link', { name: 'Go on to pay' }))

    expect(provider.refererOf('/from-the-order')).toBe(`${url}/`)
    await visitor.close()
  })

  it('print a receipt without what is for the screen', async () => {
    const visitor = await openVisitor(768)
    const page = await visitor.newPage()
    await page.goto(`/orders/order-paid?secret=${orderSecret}`)
    await page.emulateMedia({ media: 'print' })

    const isShown = (selector: string) => page.locator(selector).first().isVisible()
    expect(await Promise.all(['.order-lines', '.order-facts', '.sums'].map(isShown))).toEqual([true, true, true])
    expect(await Promise.all(['.masthead-links', '.search-form', '.order-print'].map(isShown))).toEqual(
      Array(3).fill(false),
    )
    await visitor.close()
  })

  function openVisitor(width: number): Promise<BrowserContext> {
    return browser.newContext({ baseURL: url, javaScriptEnabled: false, viewport: { width, height: 900 } })
  }
})

async function addAll(page: Page, bookIds: readonly number[]): Promise<void> {
  for (const bookId of bookIds) {
    await page.goto(`/books/${bookId}`)
    await page.locator(`form[action="/cart/books/${bookId}"] button`).click()
    await page.getByRole('status').filter({ hasText: 'is in your cart' }).waitFor()
  }
}

async function fill(page: Page, others: Partial<typeof typed>): Promise<void> {
  const { country, ...texts } = { ...typed, ...others }
  for (const [name, text] of Object.entries(texts)) await page.locator(`main [name=${name}]`).fill(text)
  await page.locator('main [name=country]').selectOption(country)
}

async function press(page: Page, target: ReturnType<Page['getByRole']>): Promise<void> {
  await target.focus()
  await Promise.all([page.waitForEvent('framenavigated'), page.keyboard.press('Enter')])
  await page.waitForLoadState()
}

/** A page of a payment provider, with a link back to the shop. */
async function startProvider() {
  const referers = new Map<string, string>()
  const server = createServer((request, response) => {
    referers.set(request.url ?? '', request.headers.referer ?? '')
    const back = request.url?.split('back=')[1] ?? ''
    response
      .setHeader('content-type', 'text/html')
      .end(`<!doctype html><title>Pay</title><a href="${back}">Back to the shop</a>`)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    refererOf: (path: string) => referers.get(path),
    stop: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
