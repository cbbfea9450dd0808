import { randomBytes } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { orderIdOf, readOrderId } from './order-id.ts'

describe('an order id', () => {
  it('has ten digits that cannot be mistaken for others', () => {
    for (let made = 0; made < 1_000; made++) {
      expect(orderIdOf(randomBytes(10))).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/)
    }
  })

  it.each([['7K3QD-9MX2T'], ['7k3qd9mx2t'], [' 7K3QD 9MX2T ']])('is read from %j', (text) => {
    expect(readOrderId(text)).toBe('7K3QD-9MX2T')
  })

  it('is read where letters stand for the digits that they look like', () => {
    expect(readOrderId('oOiIl-LABCD')).toBe('00111-1ABCD')
  })

  it.each(['', '7K3QD', '7K3QD-9MX2TT', '7K3QU-9MX2T', '7K3QD-9MX2\0', '7'.repeat(100_000)])('is not %j', (text) => {
    expect(readOrderId(text)).toBeUndefined()
  })
})
