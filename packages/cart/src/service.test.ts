import { LineAvailability } from '@books/proto'
import { Status } from '@books/rpc'
import { openMemoryDatabase, silentLog } from '@books/runtime/testing'
import { openTables } from '@books/service'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { engines, type Followed, guest, inventoryBook, startCart, startFollowed } from './cart.fixture.ts'
import { createCartStore } from './cart-store.ts'
import { cart } from './service.ts'
import { startSweep } from './sweep.ts'

const promotion = 'buy_two_get_one_free_promo'
const dayMs = 24 * 60 * 60_000

let opened: AsyncDisposableStack
let followed: Followed
beforeEach(async () => {
  opened = new AsyncDisposableStack()
  followed = opened.use(await startFollowed())
})
afterEach(() => opened.disposeAsync())

describe('a cart whose books are not known', () => {
  it('has the prices with which they were added, and takes only fewer copies', async () => {
    const database = opened.use(await openMemoryDatabase())
    followed.tellBooks(inventoryBook(1, { title: 'Dune', priceCents: 999 }))
    const before = await startCart(opened, followed, database)
    const cartId = guest()
    await before.addToCart({ cartId, bookId: 1, copies: 2 })
    const nothing = opened.use(await startFollowed())

    const client = await startCart(opened, nothing, database)

    const { cart: unpriced } = await client.getCart({ cartId })
    expect(unpriced).toMatchObject({ isPriced: false, subtotalCents: 1_998, currency: 'EUR', copies: 2 })
    expect(unpriced?.lines).toEqual([
      {
        ...{ bookId: 1, title: 'Dune', author: 'Author 1', copies: 2, unitPriceCents: 999, addedPriceCents: 999 },
        ...{ availability: LineAvailability.LINE_AVAILABILITY_UNSPECIFIED, copiesLeft: 0 },
      },
    ])
    await expect(client.addToCart({ cartId, bookId: 1, copies: 1 })).rejects.toMatchObject({ code: Status.UNAVAILABLE })
    await expect(client.setQuantity({ cartId, bookId: 2, copies: 1 })).rejects.toMatchObject({
      code: Status.UNAVAILABLE,
    })
    expect((await client.setQuantity({ cartId, bookId: 1, copies: 1 })).cart?.copies).toBe(1)
  })

  it('is priced once they are, without a restart', async () => {
    const client = await startCart(opened, followed, opened.use(await openMemoryDatabase()))
    const cartId = guest()
    expect((await client.getCart({ cartId })).cart?.isPriced).toBe(false)

    followed.tellBooks(inventoryBook(1))
    while (!(await client.getCart({ cartId })).cart?.isPriced) continue

    expect((await client.addToCart({ cartId, bookId: 1, copies: 1 })).cart?.totalCents).toBe(1_000)
  })
})

describe('a cart while inventory and transactions are away', () => {
  it('keeps the prices that it knows, and shows the promotion', async () => {
    const database = opened.use(await openMemoryDatabase())
    const client = await startCart(opened, followed, database)
    followed.tellBooks(inventoryBook(1))
    followed.used.add(7)
    while (!(await client.getCart({ cartId: guest() })).cart?.isPriced) continue

    await followed[Symbol.asyncDispose]()

    const { cart: priced } = await client.addToCart({ cartId: 'reader:7', bookId: 1, copies: 3 })
    expect(priced).toMatchObject({ isPriced: true, totalCents: 2_000, adjustments: [{ promotion }] })
  })
})

describe('a cart while transactions does not answer', () => {
  it('shows the promotion after a short time', async () => {
    const client = await startCart(opened, followed, opened.use(await openMemoryDatabase()))
    followed.tellBooks(inventoryBook(1))
    while (!(await client.getCart({ cartId: guest() })).cart?.isPriced) continue
    followed.promotionsWait = new Promise(() => {})

    // Less than the time that a call of transactions has by default.
    const added = client.addToCart({ cartId: 'reader:7', bookId: 1, copies: 3 }, { deadlineMs: 8_000 })

    const { cart: priced } = await added
    expect(priced?.adjustments).toMatchObject([{ promotion }])
  })
})

describe.each(engines)('a guest’s cart (%s)', (_, open) => {
  it('is removed once it was not changed for 30 days, and a reader’s never', async () => {
    const tables = await openTables(cart, opened.use(await open()))
    const store = createCartStore(tables)
    const now = new Date()
    const daysAgo = (days: number) => new Date(now.getTime() - days * dayMs)
    const line = { bookId: 1, copies: 1, title: 'Dune', author: '', addedPriceCents: 999, currency: 'EUR' }
    const [old, recent] = [guest(), guest()]
    await store.change(old, daysAgo(30.1), () => [line])
    await store.change('reader:7', daysAgo(300), () => [line])
    await store.change(recent, daysAgo(300), () => [line])
    await store.change(recent, daysAgo(29.9), (lines) => [...lines])
    await store.find(old)

    const sweep = startSweep({ store, idleMs: 30 * dayMs, now: () => now, log: silentLog })
    opened.defer(async () => sweep.stop())
    while ((await store.find(old)).changedAt !== undefined) continue

    const left = await tables.selectFrom('lines').select('cart_id').orderBy('cart_id').execute()
    expect(left.map(({ cart_id }) => cart_id)).toEqual([recent, 'reader:7'])
  })
})
