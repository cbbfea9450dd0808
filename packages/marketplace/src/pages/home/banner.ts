import type { Backends } from '../../backends/backends.ts'
import type { Visitor } from '../../sessions/visitor.ts'
import { promotionName } from '../cart/lines.ts'

/** The promotion, as the front page announces it. */
export interface Banner {
  name: string
  text: string
  /** The backend that did not say whether the reader has used it. */
  fallback: string | undefined
}

const promotion = 'buy_two_get_one_free_promo'

/** Finds the banner for a visitor: undefined for a reader who has used the promotion. Asks nothing for a guest. */
export async function findBanner(
  { promotions }: Pick<Backends, 'promotions'>,
  visiting: Promise<Visitor>,
): Promise<Banner | undefined> {
  const banner = { name: promotionName, text: 'Once for each customer. Your cart takes it off by itself.' }
  const visitor = await visiting
  if (visitor.kind !== 'reader') return { ...banner, fallback: undefined }

  const request = { readerId: visitor.account.readerId, email: '' }
  const { value, fallback } = await promotions.getPromotions(request, { isOptional: true })
  return !value || value.promotions.includes(promotion) ? { ...banner, fallback } : undefined
}
