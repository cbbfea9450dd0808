import { priceLines } from '@books/pricing'
import type { Invariant } from './invariant.ts'

/** The total of an order is that of its frozen lines less the promotion, and what its customer was shown. */
export const totalsAgree: Invariant = ({ history, tables }) => {
  const shown = new Map(
    history.placings.flatMap(({ order, expectedTotalCents, isOtherRequest }) =>
      order && !isOtherRequest ? [[order.id, expectedTotalCents]] : [],
    ),
  )
  return tables.orders.flatMap(({ id, lines, promotion, totalCents }) => {
    const priced = priceLines(lines, { promotions: promotion ? [promotion] : [] })
    const discountCents = lines.reduce((sum, line) => sum + line.discountCents, 0)
    const expected = shown.get(id) ?? totalCents
    return [
      ...(totalCents === priced.totalCents ? [] : [`${id} costs ${totalCents}, and its lines ${priced.totalCents}`]),
      ...(priced.subtotalCents - discountCents === totalCents
        ? []
        : [`${id} costs ${totalCents}, and its lines less their discounts ${priced.subtotalCents - discountCents}`]),
      ...(totalCents === expected ? [] : [`${id} costs ${totalCents}, and its customer was shown ${expected}`]),
    ]
  })
}
