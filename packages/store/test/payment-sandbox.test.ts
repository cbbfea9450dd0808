import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { findPageProblems } from '@books/marketplace/testing'
import { paymentSandbox } from '@books/payment-sandbox'
import { findBrowser, openMemoryDatabase, silentLog, startBrowser } from '@books/runtime/testing'
import { readServiceSettings, startService } from '@books/service'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'

const executable = findBrowser()
const key = 'a key of the tests of the pages'

// Where a machine has no Chromium these are reported as skipped; CI always has one.
;(executable ? describe : describe.skip)('the pages of the payment sandbox, in Chromium', () => {
  const opened = new AsyncDisposableStack()
  let browser: Browser
  let url: string
  let shop: string

  beforeAll(async () => {
    const server = createServer((_request, response) => response.end('your order')).listen(0, '127.0.0.1')
    await once(server, 'listening')
    opened.defer(() => void server.close())
    opened.defer(() => server.closeAllConnections())
    shop = `http://localhost:${(server.address() as AddressInfo).port}`
    const variables = { HOST: '127.0.0.1', PORT: '0', PAYMENT_SANDBOX_KEY: key, PUBLIC_URL: shop }
    const settings = readServiceSettings(paymentSandbox, variables)
    const database = opened.use(await openMemoryDatabase())
    const { port } = opened.use(await startService(paymentSandbox, { settings, log: silentLog, database }))
    url = `http://localhost:${port}`
    browser = await startBrowser(executable ?? '')
    opened.defer(() => browser.close())
  })
  afterAll(async () => {
    await opened.disposeAsync()
  })

  describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
    it('have no problem that axe finds, and fit three widths', async () => {
      const page = await browser.newPage({ colorScheme })
      const open = await start('x'.repeat(60))
      const paid = await start('A paid one')
      await choose(await browser.newPage(), paid, 'Pay')

      for (const [name, path] of Object.entries({
        ...{ list: '/', pay: open, paid, confirm: `${open}/confirm`, unknown: '/pay/unknown' },
      })) {
        await page.goto(new URL(path, url).href)
        const problems = await findPageProblems(page, `payment-sandbox-${name}`, colorScheme)
        expect([name, problems]).toEqual([name, { violations: [], overflows: [] }])
      }
    })
  })

  it('lead back to the shop without JavaScript, with nothing that the browser blocks', async () => {
    const page = await browser.newPage({ javaScriptEnabled: false })
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    const payment = await start('Three books')

    await choose(page, payment, 'Ask for confirmation first')
    expect(await page.getByRole('heading').textContent()).toBe('Your bank asks: do you want to pay €23.97?')
    await page.getByRole('button', { name: 'Confirm €23.97' }).click()
    await page.waitForURL(`${shop}/orders/7K3QD`)

    expect(complaints).toEqual([])
    await page.goto(payment)
    expect(await page.getByRole('status').textContent()).toContain('It is authorized')
  })

  async function choose(page: Page, payment: string, name: string): Promise<void> {
    await page.goto(payment)
    await page.getByRole('button', { name, exact: true }).click()
  }

  /** Begins a payment, and resolves to the URL of its page. */
  async function start(description: string): Promise<string> {
    const response = await fetch(`${url}/v1/payments`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'idempotency-key': crypto.randomUUID(),
      },
      body: JSON.stringify({
        ...{ order_id: '7K3QD', amount_cents: 2_397, currency: 'EUR', email: 'ada@example.org', description },
        return_url: `${shop}/orders/7K3QD`,
        expires_at: new Date(Date.now() + 30 * 60_000).toISOString(),
      }),
    })
    return ((await response.json()) as { url: string }).url
  }
})
