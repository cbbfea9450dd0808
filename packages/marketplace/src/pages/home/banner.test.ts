import { unavailable } from '@books/rpc'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { confirmed } from '../../orders.fixture.ts'
import { createCustomer, openSellingShop, type SellingOptions } from '../checkout/checkout.fixture.ts'

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

const text = 'Buy two, get the cheapest third free.'

describe('the promotion on the front page', () => {
  it('is shown to guests and readers, until they have used it', async () => {
    const shop = await open()
    const reader = await createCustomer(shop, { isReader: true })

    const before = [(await shop.app.inject('/')).body, (await reader.open('/')).body]
    await reader.pay(await reader.openCheckout())
    shop.orders.change('AAAAA-00001', confirmed)
    let after: string
    do after = (await reader.open('/')).body
    while (after.includes(text))

    expect(before.map((body) => body.includes(text))).toEqual([true, true])
    expect((await shop.app.inject('/')).body).toContain(text)
  })

  it('is shown, and marked, where it is not known whether the reader has used it', async () => {
    const getPromotions = async () => Promise.reject(unavailable('No connection'))
    const reader = await createCustomer(await open({ transactions: () => ({ getPromotions }) }), { isReader: true })

    const { body } = await reader.open('/')

    expect(body).toContain(text)
    expect(body).toContain('class="banner" data-fallback="transactions"')
  })
})

async function open(options: SellingOptions = {}) {
  const shop = await openSellingShop({ ...options, variables: { FRESH_MS: 1, STALE_MS: 1 } })
  opened.defer(shop.close)
  return shop
}
