import { describe, expect, it } from '@jest/globals'
import { createOwnCart } from './own-cart.ts'

describe('a cart as its customer knows it', () => {
  it('orders what was added and is not bought, without what was set aside', () => {
    const cart = createOwnCart('reader:1')
    for (const bookId of [7, 8, 9]) cart.add({ bookId, copies: 2 })

    cart.buy([{ bookId: 7, copies: 2 }])
    cart.setAside(8)
    cart.add({ bookId: 9, copies: 1 })

    expect(cart.lines()).toEqual([{ bookId: 9, copies: 3 }])
  })
})
