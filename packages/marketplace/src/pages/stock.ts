import { Availability, type Book } from '@books/proto'

type Stock = Pick<Book, 'availability' | 'copiesLeft'>

/** How many copies there are, in words; undefined where it is not known. */
export function stockText({ availability, copiesLeft }: Stock): string | undefined {
  if (availability === Availability.AVAILABILITY_IN_STOCK) return 'In stock'
  if (availability === Availability.AVAILABILITY_FEW_LEFT) return `${copiesLeft} left`
  return availability === Availability.AVAILABILITY_OUT_OF_STOCK ? 'Out of stock' : undefined
}

/** Whether it is known that there is no copy. */
export function isOutOfStock({ availability }: Stock): boolean {
  return availability === Availability.AVAILABILITY_OUT_OF_STOCK
}
