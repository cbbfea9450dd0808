import { findBrowser, startBrowser } from '@books/runtime/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import Fastify, { type FastifyInstance } from 'fastify'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { fakeArticles, fakeInventory, fakeRecommendations } from '../../services.fixture.ts'
import { openShopOver, type TestShop } from '../../shop.fixture.ts'

const executable = findBrowser()

// Skipped on machines without Chromium; CI has it.
;(executable ? describe : describe.skip)('the security of the shop, in Chromium', () => {
  let browser: Browser
  let shop: TestShop
  let elsewhere: FastifyInstance
  let url: string
  beforeAll(async () => {
    browser = await startBrowser(executable ?? '')
    shop = await openShopOver([fakeRecommendations(), fakeInventory(), fakeArticles()])
    url = await shop.app.listen({ host: '127.0.0.1', port: 0 })
    elsewhere = Fastify()
  })
  afterAll(async () => {
    await browser?.close()
    await elsewhere?.close()
    await shop?.close()
  })

  it('blocks nothing that pages use', async () => {
    const page = await newPage()
    const complaints = complaintsOf(page)

    for (const path of ['/', '/categories/mystery', '/books/5', '/search?q=dune', '/taste', '/articles', '/articles/1'])
      await page.goto(url + path, { waitUntil: 'networkidle' })

    expect(complaints).toEqual([])
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).not.toBe('rgba(0, 0, 0, 0)')
  })

  it('lets a reader set and clear preferences', async () => {
    const page = await newPage()
    const complaints = complaintsOf(page)

    await page.goto(`${url}/books/5`)
    await page.getByRole('button', { name: 'I liked this' }).click()
    await page.getByText('You liked this.').waitFor()
    await page.goto(`${url}/taste`)
    await page.getByRole('button', { name: 'Forget all of it' }).click()
    await page.getByText('You have not said anything yet.').waitFor()

    expect(complaints).toEqual([])
  })

  it('lets no other site clear them', async () => {
    elsewhere.get('/', async (_request, reply) =>
      reply
        .type('text/html')
        .send(`<form method="post" action="${url}/taste/forget"><button>Win a prize</button></form>`),
    )
    const { port } = new URL(await elsewhere.listen({ host: '127.0.0.1', port: 0 }))
    const page = await newPage()
    await page.goto(`${url}/books/5`)
    await page.getByRole('button', { name: 'I liked this' }).click()
    await page.getByText('You liked this.').waitFor()

    await page.goto(`http://localhost:${port}/`)
    await page.getByRole('button', { name: 'Win a prize' }).click()
    await page.getByText('That came from elsewhere').waitFor()

    await page.goto(`${url}/taste`)
    expect(await page.getByRole('heading', { name: 'You liked' }).count()).toBe(1)
  })

  it('runs no script that is injected into a page', async () => {
    const page = await newPage()
    const complaints = complaintsOf(page)
    await page.route(`${url}/taste`, async (route) => {
      const answer = await route.fetch()
      const injected = '<script>document.title = "Mine"</script><img src="/x" onerror="document.title = \'Mine\'">'
      await route.fulfill({ response: answer, body: (await answer.text()).replace('<main', `${injected}<main`) })
    })

    await page.goto(`${url}/taste`, { waitUntil: 'networkidle' })

    expect(await page.title()).toBe('Your taste · Books')
    expect(complaints.filter((complaint) => /script-src/.test(complaint))).toHaveLength(2)
  })

  async function newPage(): Promise<Page> {
    const context: BrowserContext = await browser.newContext()
    return context.newPage()
  }
})

/** The errors that the browser or the shop reports for a page. */
function complaintsOf(page: Page): string[] {
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('requestfailed', (request) => complaints.push(`${request.url()} failed`))
  page.on(
    'response',
    (response) => response.status() >= 400 && complaints.push(`${response.status()} ${response.url()}`),
  )
  return complaints
}
