import { type Availability, type Cart, LineAvailability } from '@books/proto'
import { Status } from '@books/rpc'
import type { Database } from '@books/runtime'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  type CartClient,
  engines,
  type Followed,
  guest,
  inventoryBook,
  startCart,
  startFollowed,
} from './cart.fixture.ts'

const promotion = 'buy_two_get_one_free_promo'
const falcon = inventoryBook(1, { title: 'The Maltese Falcon', priceCents: 999 })
const dune = inventoryBook(2, { title: 'Dune', priceCents: 1_299 })
const emma = inventoryBook(3, { title: 'Emma', priceCents: 799 })
const dollars = inventoryBook(4, { title: 'Walden', currency: 'USD' })
const many = Array.from({ length: 60 }, (_, index) => inventoryBook(100 + index))

let readers = 0
const reader = () => `reader:${++readers}`

describe.each(engines)('a cart (%s)', (_, openDatabase) => {
  const opened = new AsyncDisposableStack()
  let client: CartClient
  let followed: Followed
  let database: Database
  beforeAll(async () => {
    followed = opened.use(await startFollowed())
    followed.tellBooks(falcon, dune, emma, dollars, ...many)
    database = opened.use(await openDatabase())
    client = await startCart(opened, followed, database)
  })
  afterAll(() => opened.disposeAsync())

  describe('GetCart', () => {
    it('answers an empty cart where nothing was added', async () => {
      const cartId = guest()

      expect(await read(cartId)).toEqual({
        ...{ id: cartId, lines: [], adjustments: [], subtotalCents: 0, totalCents: 0, currency: '', copies: 0 },
        ...{ hint: undefined, isPriced: true, changedAt: undefined },
      })
    })

    it('answers the lines in the order in which the books were added, the cheapest of three free', async () => {
      const cartId = guest()
      await client.addToCart({ cartId, bookId: dune.id, copies: 1 })
      await client.addToCart({ cartId, bookId: falcon.id, copies: 1 })
      const { cart } = await client.addToCart({ cartId, bookId: emma.id, copies: 1 })

      expect(cart).toMatchObject({
        ...{ id: cartId, subtotalCents: 3_097, totalCents: 2_298, currency: 'EUR', copies: 3, isPriced: true },
        adjustments: [{ promotion, bookId: emma.id, amountCents: 799 }],
        hint: undefined,
      })
      expect(cart?.lines.map(({ title }) => title)).toEqual(['Dune', 'The Maltese Falcon', 'Emma'])
      expect(cart?.changedAt).toBeInstanceOf(Date)
      expect(await read(cartId)).toEqual(cart)
    })

    it('hints at the promotion', async () => {
      const cartId = guest()

      const { cart } = await client.addToCart({ cartId, bookId: dune.id, copies: 2 })

      expect(cart?.hint).toEqual({ promotion, copiesMissing: 1 })
    })

    it('tells the price and the availability of now, and the price of when the book was added', async () => {
      const cartId = guest()
      const book = inventoryBook(50, { priceCents: 999 })
      followed.tellBooks(book)
      await until(async () =>
        client.addToCart({ cartId, bookId: 50, copies: 3 }).then(
          () => true,
          () => false,
        ),
      )

      const { FEW_LEFT, OUT_OF_STOCK } = { FEW_LEFT: 2, OUT_OF_STOCK: 3 } as const
      const seen: unknown[] = []
      for (const facts of [
        { priceCents: 1_100 },
        { priceCents: 1_100, availability: FEW_LEFT as Availability, copiesLeft: 5 },
        { priceCents: 1_100, availability: FEW_LEFT as Availability, copiesLeft: 2 },
        { priceCents: 1_100, availability: OUT_OF_STOCK as Availability },
        { priceCents: 1_200, currency: 'USD' },
      ]) {
        const before = await read(cartId)
        followed.tellBooks({ ...book, ...facts })
        await until(async () => JSON.stringify(await read(cartId)) !== JSON.stringify(before))
        const line = (await read(cartId)).lines[0]!
        seen.push([line.unitPriceCents, line.addedPriceCents, line.availability, line.copiesLeft])
      }

      expect(seen).toEqual([
        [1_100, 999, LineAvailability.LINE_AVAILABILITY_IN_STOCK, 0],
        [1_100, 999, LineAvailability.LINE_AVAILABILITY_FEW_LEFT, 5],
        [1_100, 999, LineAvailability.LINE_AVAILABILITY_NOT_ENOUGH, 2],
        [1_100, 999, LineAvailability.LINE_AVAILABILITY_OUT_OF_STOCK, 0],
        [1_200, 999, LineAvailability.LINE_AVAILABILITY_IN_STOCK, 0],
      ])
    })

    it('leaves out of the total a book that has another currency than the cart by now', async () => {
      const cartId = guest()
      followed.tellBooks(inventoryBook(51))
      await client.addToCart({ cartId, bookId: falcon.id, copies: 1 })
      await until(async () =>
        client.addToCart({ cartId, bookId: 51, copies: 3 }).then(
          () => true,
          () => false,
        ),
      )

      followed.tellBooks(inventoryBook(51, { currency: 'USD' }))
      await until(async () => (await read(cartId)).subtotalCents === 999)

      const { lines, adjustments, copies, hint } = await read(cartId)
      expect(lines[1]).toMatchObject({
        ...{ title: 'Book 51', unitPriceCents: 0, addedPriceCents: 1_000 },
        availability: LineAvailability.LINE_AVAILABILITY_GONE,
      })
      expect([adjustments, copies, hint]).toEqual([[], 4, { promotion, copiesMissing: 2 }])
    })

    it('takes nothing off for a reader who has used the promotion', async () => {
      const [cartId, other] = [reader(), reader()]
      followed.used.add(Number(cartId.slice('reader:'.length)))
      await client.addToCart({ cartId: other, bookId: dune.id, copies: 3 })

      await client.addToCart({ cartId, bookId: dune.id, copies: 3 })
      // Transactions may be too slow to tell, for a while.
      await until(async () => (await read(cartId)).totalCents === 3 * 1_299)

      const { adjustments, hint } = await read(cartId)
      expect([adjustments, hint]).toEqual([[], undefined])
      expect((await read(other)).totalCents).toBe(2 * 1_299)
    })

    it.each(['', 'A'.repeat(32), 'a'.repeat(31), 'reader:0', 'reader:01', 'reader:2147483648', 'reader:7\n'])(
      'refuses the id %j',
      async (cartId) => {
        await expect(client.getCart({ cartId })).rejects.toMatchObject({
          code: Status.INVALID_ARGUMENT,
          details: { badRequest: { fieldViolations: [{ field: 'cart_id' }] } },
        })
      },
    )
  })

  describe('AddToCart', () => {
    it('counts every one of many additions at once', async () => {
      const cartId = guest()

      await Promise.all([...many.slice(0, 10), ...many.slice(0, 10)].map(({ id }) => add(cartId, id)))

      const { lines } = await read(cartId)
      expect(lines).toHaveLength(10)
      expect(lines.map(({ copies }) => copies)).toEqual(lines.map(() => 2))
    })

    it('takes 20 copies of a book at most, also at once', async () => {
      const cartId = guest()

      const added = await Promise.allSettled(Array.from({ length: 30 }, () => add(cartId, dune.id)))

      expect(added.filter(({ status }) => status === 'fulfilled')).toHaveLength(20)
      await expect(add(cartId, dune.id)).rejects.toMatchObject(refused('TOO_MANY_COPIES', { copies: '20' }))
      expect((await read(cartId)).copies).toBe(20)
    })

    it('takes 50 books at most, also at once', async () => {
      const cartId = guest()

      const added = await Promise.allSettled(many.map(({ id }) => add(cartId, id)))

      expect(added.filter(({ status }) => status === 'fulfilled')).toHaveLength(50)
      const present = new Set((await read(cartId)).lines.map(({ bookId }) => bookId))
      const missing = many.find(({ id }) => !present.has(id))!
      await expect(add(cartId, missing.id)).rejects.toMatchObject(refused('CART_FULL'))
      const [one] = present
      expect((await client.addToCart({ cartId, bookId: one!, copies: 1 })).cart?.copies).toBe(51)
    })

    it('refuses a book in another currency by its title, also at once', async () => {
      const cartId = guest()
      await add(cartId, dune.id)

      await expect(add(cartId, dollars.id)).rejects.toMatchObject(
        refused('OTHER_CURRENCY', { title: 'Walden', currency: 'EUR' }),
      )
      const raced = guest()
      const added = await Promise.allSettled([add(raced, dune.id), add(raced, dollars.id)])
      expect(added.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    })

    it('refuses a book that the store does not have, and other numbers of copies than 1 to 20', async () => {
      const cartId = guest()

      await expect(add(cartId, 77)).rejects.toMatchObject({ code: Status.NOT_FOUND })
      for (const copies of [-1, 0, 21]) {
        await expect(client.addToCart({ cartId, bookId: 1, copies })).rejects.toMatchObject({
          code: Status.INVALID_ARGUMENT,
        })
      }
      expect((await read(cartId)).changedAt).toBeUndefined()
    })
  })

  describe('SetQuantity', () => {
    it('sets the copies of a line, adds one that is not there, and removes it for 0', async () => {
      const cartId = guest()

      const set = async (copies: number) =>
        (await client.setQuantity({ cartId, bookId: dune.id, copies })).cart?.lines.map((line) => line.copies)

      expect([await set(0), await set(3), await set(20), await set(20), await set(0), await set(0)]).toEqual([
        ...[[], [3], [20], [20], [], []],
      ])
      await expect(set(21)).rejects.toMatchObject({ code: Status.INVALID_ARGUMENT })
      await expect(client.setQuantity({ cartId, bookId: 77, copies: 1 })).rejects.toMatchObject({
        code: Status.NOT_FOUND,
      })
    })
  })

  describe('MergeCarts', () => {
    it('adds the lines of a guest to those of a reader, once, and empties the guest’s', async () => {
      const [guestCartId, cartId] = [guest(), reader()]
      const readerId = Number(cartId.slice('reader:'.length))
      await client.addToCart({ cartId: guestCartId, bookId: falcon.id, copies: 2 })
      await client.addToCart({ cartId: guestCartId, bookId: dune.id, copies: 1 })
      await client.addToCart({ cartId, bookId: dune.id, copies: 3 })

      const merged = await Promise.all([1, 2, 3].map(() => client.mergeCarts({ guestCartId, readerId })))

      expect(merged.map(({ leftOut }) => leftOut)).toEqual([[], [], []])
      const { lines } = await read(cartId)
      expect(lines.map(({ bookId, copies }) => [bookId, copies])).toEqual([
        [dune.id, 4],
        [falcon.id, 2],
      ])
      expect((await read(guestCartId)).lines).toEqual([])
    })

    it('tells what the limits and the currency leave out', async () => {
      const [guestCartId, cartId] = [guest(), reader()]
      const readerId = Number(cartId.slice('reader:'.length))
      await client.addToCart({ cartId: guestCartId, bookId: many[0]!.id, copies: 15 })
      await client.addToCart({ cartId: guestCartId, bookId: falcon.id, copies: 4 })
      await client.addToCart({ cartId, bookId: many[0]!.id, copies: 12 })
      for (const { id } of many.slice(1, 50)) await add(cartId, id)
      const other = guest()
      await client.addToCart({ cartId: other, bookId: dollars.id, copies: 2 })
      await client.setQuantity({ cartId, bookId: many[49]!.id, copies: 0 })
      await add(cartId, many[50]!.id)

      const { cart, leftOut } = await client.mergeCarts({ guestCartId, readerId })
      await client.setQuantity({ cartId, bookId: many[50]!.id, copies: 0 })
      const { leftOut: ofOther } = await client.mergeCarts({ guestCartId: other, readerId })

      expect(cart?.lines[0]).toMatchObject({ bookId: many[0]!.id, copies: 20 })
      expect(leftOut).toEqual([
        { bookId: many[0]!.id, title: many[0]!.title, copies: 7 },
        { bookId: falcon.id, title: falcon.title, copies: 4 },
      ])
      expect(ofOther).toEqual([{ bookId: dollars.id, title: 'Walden', copies: 2 }])
    })

    it('takes only a guest’s cart', async () => {
      const cartId = reader()
      await add(cartId, dune.id)

      for (const guestCartId of [cartId, '', 'A'.repeat(32)]) {
        await expect(client.mergeCarts({ guestCartId, readerId: 900 })).rejects.toMatchObject({
          code: Status.INVALID_ARGUMENT,
          details: { badRequest: { fieldViolations: [{ field: 'guest_cart_id' }] } },
        })
      }
      await expect(client.mergeCarts({ guestCartId: guest(), readerId: 0 })).rejects.toMatchObject({
        code: Status.INVALID_ARGUMENT,
      })
      expect((await read(cartId)).lines).toHaveLength(1)
    })

    it('loses nothing that is added to either at the same time', async () => {
      for (let round = 0; round < 10; round++) {
        const [guestCartId, cartId] = [guest(), reader()]
        const readerId = Number(cartId.slice('reader:'.length))
        await add(guestCartId, falcon.id)

        await Promise.all([
          client.mergeCarts({ guestCartId, readerId }),
          add(guestCartId, dune.id),
          add(cartId, emma.id),
          client.mergeCarts({ guestCartId, readerId }),
        ])

        const lines = [...(await read(guestCartId)).lines, ...(await read(cartId)).lines]
        expect(lines.map(({ bookId }) => bookId).toSorted((one, other) => one - other)).toEqual([1, 2, 3])
      }
    })
  })

  async function read(cartId: string): Promise<Cart> {
    return (await client.getCart({ cartId })).cart!
  }

  const add = (cartId: string, bookId: number) => client.addToCart({ cartId, bookId, copies: 1 })
})

function refused(reason: string, metadata: Record<string, string> = {}) {
  return { code: Status.FAILED_PRECONDITION, details: { errorInfo: { reason, domain: 'books.cart', metadata } } }
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) continue
}
