import { serve } from '@books/rpc/testing'
import { chromium } from 'playwright-core'
import { fakeAccounts } from '../src/accounts.fixture.ts'
import { createFakeCarts } from '../src/carts.fixture.ts'
import { fakeArticles, fakeInventory, fakeRecommendations } from '../src/services.fixture.ts'
import { openShopOver } from '../src/shop.fixture.ts'
const carts = createFakeCarts({ 6: { availability: 3, copiesLeft: 1 }, 9: { unitPriceCents: 1099, addedPriceCents: 999 } })
const shop = await openShopOver([carts.service(), fakeAccounts(), fakeRecommendations(), fakeInventory(), fakeArticles()])
const url = await shop.app.listen({ host: '127.0.0.1', port: 0 })
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
for (const [width, scheme] of [[360, 'light'], [1440, 'dark'], [768, 'light']] as const) {
  const context = await browser.newContext({ baseURL: url, colorScheme: scheme, viewport: { width, height: 900 } })
  const page = await context.newPage()
  for (const [name, path] of Object.entries({ home: '/', book: '/books/5', none: '/books/8', category: '/categories/self-help', search: '/search?q=the' })) {
    await page.goto(path)
    await page.screenshot({ path: `/tmp/w/web-scratch/${name}-${width}.png`, fullPage: name !== 'home' && name !== 'search' })
  }
  await page.goto('/')
  for (const name of ['The Maltese Falcon']) await page.getByRole('button', { name }).first().click()
  await page.goto('/books/9')
  await page.getByRole('button', { name: 'Add to cart' }).first().click()
  await page.goto('/books/6')
  await page.getByRole('button', { name: 'Add to cart' }).first().click()
  await page.screenshot({ path: `/tmp/w/web-scratch/flash-${width}.png` })
  await page.goto('/cart')
  await page.screenshot({ path: `/tmp/w/web-scratch/cart-${width}.png`, fullPage: true })
  await context.close()
}
await browser.close()
await shop.close()
