import { describe, expect, it } from '@jest/globals'
import { formatPrice, formatYear } from './format.ts'

describe('formatPrice', () => {
  it.each([
    [1299, 'EUR', '€12.99'],
    [5, 'EUR', '€0.05'],
    [0, 'USD', '$0.00'],
    [1_234_567, 'GBP', '£12,345.67'],
    [1299, 'JPY', '¥1,299'],
    [9_007_199_254_740_991, 'EUR', '€90,071,992,547,409.91'],
    [1299, 'nonsense', '1299 nonsense'],
  ])('shows %d of %s as %s', (priceCents, currency, shown) => {
    expect(formatPrice(priceCents, currency)).toBe(shown)
  })
})

describe('formatYear', () => {
  it('formats years before and in the common era, and none for 0', () => {
    expect([1962, -380, 0].map(formatYear)).toEqual(['1962', '380 BCE', undefined])
  })
})
