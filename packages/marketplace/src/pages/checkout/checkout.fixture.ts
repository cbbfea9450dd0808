import { ada, fakeAccounts, password } from '../../accounts.fixture.ts'
import { createFakeCarts, type LineFacts } from '../../carts.fixture.ts'
import { createFakeOrders } from '../../orders.fixture.ts'
import { fakeArticles, fakeInventory, fakeRecommendations } from '../../services.fixture.ts'
import { createBrowser } from '../../sessions/sign-in.fixture.ts'
import { openShopOver, type TestShop, type Variables } from '../../shop.fixture.ts'

/** What a customer types at the checkout. */
export const typed = {
  email: 'grace@books.example',
  name: 'Grace Hopper',
  street: '1 Navy Yard',
  postal_code: '10115',
  city: 'Berlin',
  country: 'DE',
}

type Carts = ReturnType<typeof createFakeCarts>
type Orders = ReturnType<typeof createFakeOrders>

/** Services of a shop that sells, of which some methods may be others. */
export interface SellingOptions {
  cart?: (carts: Carts) => Parameters<Carts['service']>[0]
  transactions?: (orders: Orders) => Parameters<Orders['service']>[0]
  accounts?: Parameters<typeof fakeAccounts>[0]
  lines?: Record<number, LineFacts>
  variables?: Variables
}

/** Opens a shop that sells, over fakes that keep carts and orders in memory. */
export async function openSellingShop(
  options: SellingOptions = {},
): Promise<TestShop & { carts: Carts; orders: Orders }> {
  const carts = createFakeCarts(options.lines)
  const orders = createFakeOrders()
  const services = [
    ...[carts.service(options.cart?.(carts)), orders.service(options.transactions?.(orders))],
    ...[fakeAccounts(options.accounts), fakeRecommendations(), fakeInventory(), fakeArticles()],
  ]
  const shop = await openShopOver(services, options.variables)
  return { ...shop, carts, orders }
}

/** A customer with a browser, who has put these books into the cart. */
export async function createCustomer(
  { app }: TestShop,
  { bookIds = [5, 6, 9], isReader = false }: { bookIds?: readonly number[]; isReader?: boolean } = {},
) {
  const browser = createBrowser(app)
  if (isReader) await browser.submit('/sign-in', { email: ada.email, password })
  for (const bookId of bookIds) await browser.add(bookId)
  return {
    ...browser,
    /** Opens the checkout, and what its form sends. */
    async openCheckout() {
      const { body } = await browser.open('/checkout')
      return formIn(body)
    },
    /** Sends the form of the checkout. */
    pay: (form: Record<string, string>, others: Record<string, string> = {}) =>
      browser.send('/checkout', { ...form, ...typed, ...others }),
  }
}

/** The hidden fields of the form of the checkout in a page. */
export function formIn(html: string): Record<string, string> {
  const [, form = ''] = /<form[^>]*action="\/checkout"([\s\S]*?)<\/form>/.exec(html) ?? []
  const fields = form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)
  return Object.fromEntries([...fields].map(([, name = '', value = '']) => [name, value]))
}
