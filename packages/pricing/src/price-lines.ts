/** The promotions of the store, by the names that contracts and tables have for them. */
export const promotions = ['buy_two_get_one_free_promo'] as const

/** A promotion of the store. */
export type Promotion = (typeof promotions)[number]

/** Copies of a book at a price. */
export interface UnpricedLine {
  bookId: number
  copies: number
  unitPriceCents: number
}

/** What a promotion takes off one unit of a book. */
export interface Adjustment {
  promotion: Promotion
  bookId: number
  /** Positive. */
  amountCents: number
}

/** How many more copies a promotion takes. */
export interface PromotionHint {
  promotion: Promotion
  copiesMissing: number
}

/** What lines cost. */
export interface Pricing {
  subtotalCents: number
  /** At most one for each promotion. */
  adjustments: Adjustment[]
  /** The subtotal less the adjustments. */
  totalCents: number
  /** The promotion that is nearest; undefined where none is within reach. */
  hint: PromotionHint | undefined
}

const copiesOfPromotion = 3

/**
 * Prices lines of one currency, each of another book. Of three copies or more the cheapest is free, while the customer may use the
 * promotion; of equally cheap books the one with the lowest id.
 */
export function priceLines(
  lines: readonly UnpricedLine[],
  { promotions: usable }: { promotions: readonly string[] },
): Pricing {
  const subtotalCents = lines.reduce((sum, { copies, unitPriceCents }) => sum + copies * unitPriceCents, 0)
  const copies = lines.reduce((sum, line) => sum + line.copies, 0)
  const [promotion] = promotions
  const isUsable = usable.includes(promotion)
  const cheapest = lines.toSorted((a, b) => a.unitPriceCents - b.unitPriceCents || a.bookId - b.bookId)[0]

  if (!isUsable || !cheapest || copies < copiesOfPromotion) {
    const copiesMissing = copiesOfPromotion - copies
    const hint = isUsable && cheapest && copiesMissing > 0 ? { promotion, copiesMissing } : undefined
    return { subtotalCents, adjustments: [], totalCents: subtotalCents, hint }
  }
  const amountCents = cheapest.unitPriceCents
  // A book that costs nothing takes nothing off, and would use the promotion up.
  const adjustments = amountCents > 0 ? [{ promotion, bookId: cheapest.bookId, amountCents }] : []
  return { subtotalCents, adjustments, totalCents: subtotalCents - amountCents, hint: undefined }
}
