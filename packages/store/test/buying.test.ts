import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findBrowser, type ProcessUnderTest, runProcess, startBrowser } from '@books/runtime/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, Locator, Page } from 'playwright-core'
import { addressOf, freePorts, patient } from '../src/store.fixture.ts'

const executable = findBrowser()

// Where a machine has no Chromium these are reported as skipped; CI always has one.
;(executable ? describe : describe.skip)('a customer of the whole store, in Chromium without scripts', () => {
  let mailbox: string
  let store: ProcessUnderTest
  let url: string
  let browser: Browser

  beforeAll(async () => {
    mailbox = mkdtempSync(join(tmpdir(), 'books-mailbox-'))
    const settings = { ...freePorts, ...patient, DATA_DIR: 'memory://', MAILBOX_DIR: mailbox }
    store = runProcess(new URL('../src/main.ts', import.meta.url), settings)
    url = await addressOf(store)
    browser = await startBrowser(executable ?? '')
  })
  afterAll(async () => {
    await browser?.close()
    store?.child.kill()
    await store?.ended
    rmSync(mailbox, { recursive: true })
  })

  it('puts three books into the cart, gets the cheapest free, pays, and finds the receipt in the mailbox', async () => {
    const page = await openPage()
    await page.goto('/categories/fantasy')
    for (const nth of [0, 1, 2])
      await page
        .getByRole('button', { name: /^Add to cart/ })
        .nth(nth)
        .click()
    await page.getByRole('link', { name: 'Cart (3)' }).click()
    await page.getByText('Buy two, get the cheapest third free').waitFor()

    const total = await order(page)
    await payBy(page, 'Pay', total)

    await page.getByRole('heading', { name: 'Thank you' }).waitFor()
    const id = await page.getByRole('heading', { name: /^Order / }).textContent()
    // What was bought leaves the cart a moment after the order is confirmed.
    await openUntil(page, '/cart', page.getByText('Your cart is empty.'))
    expect(await mailsOf(page, `Your ${id?.replace('Order', 'order')} at Books`)).toBe(1)
    await page.context().close()
  })

  it('keeps the cart where the payment is declined, and pays by another order', async () => {
    const page = await openPage()
    await page.goto('/categories/romance')
    await page
      .getByRole('button', { name: /^Add to cart/ })
      .first()
      .click()
    await payBy(page, 'Decline', await order(page))
    await page.getByText('The payment was declined.').waitFor()

    await page.getByRole('link', { name: 'Back to your cart' }).click()
    await payBy(page, 'Pay', await order(page))

    await page.getByRole('heading', { name: 'Thank you' }).waitFor()
    expect(await page.locator('.order-lines li').count()).toBe(1)
    await page.context().close()
  })

  async function openPage(): Promise<Page> {
    return (await browser.newContext({ baseURL: url, javaScriptEnabled: false })).newPage()
  }

  /** Sends the form of the checkout, and resolves to the total. */
  async function order(page: Page): Promise<string> {
    await page.goto('/checkout')
    const total = (await page.locator('.sums .total dd').textContent()) ?? ''
    await page.getByLabel('Email address').fill('grace@books.example')
    await page.getByLabel('Name', { exact: true }).fill('Grace Hopper')
    await page.getByLabel('Street and number').fill('1 Navy Yard')
    await page.getByLabel('Postal code').fill('10115')
    await page.getByLabel('City').fill('Berlin')
    await page.getByLabel('Country').selectOption('DE')
    await page.getByRole('button', { name: `Pay ${total}` }).click()
    return total
  }

  /** Pays on the page of the sandbox, which took a free port: the checkout does not lead there, but the page of the order does. */
  async function payBy(page: Page, outcome: string, total: string): Promise<void> {
    await page.getByRole('link', { name: `Go on to pay ${total}` }).click()
    await page.getByRole('button', { name: outcome, exact: true }).click()
    await page.waitForURL(`${url}/orders/**`)
  }

  /** How many mails with this subject there are, once there is one. */
  async function mailsOf(page: Page, subject: string): Promise<number> {
    const mails = page.getByRole('link', { name: subject })
    await openUntil(page, '/mailbox', mails)
    return mails.count()
  }

  async function openUntil(page: Page, path: string, found: Locator): Promise<void> {
    do await page.goto(path)
    while ((await found.count()) === 0)
  }
})
