import { Availability, type Book, type BookRating } from '@books/proto'
import { isRated } from '../book-reviews/rating.ts'
import { shelfOfCategory } from '../categories.ts'
import { decimalPrice } from '../format.ts'
import { paths } from '../paths.ts'

/** What programs are told of a book. */
interface BookDataContent {
  book: Book
  /** Undefined where it is not known. */
  rating: BookRating | undefined
  /** The shop's origin. */
  publicUrl: string
}

/** A book, its price and its rating in terms of schema.org, as JSON-LD that can stand in a script element. */
export function bookData({ book, rating, publicUrl }: BookDataContent): string {
  const { id, title, author, year, category, priceCents, currency, availability } = book
  const url = `${publicUrl}${paths.book(id)}`
  const price = decimalPrice(priceCents, currency)
  const genre = shelfOfCategory(category)?.name
  return inScript({
    '@context': 'https://schema.org',
    '@type': 'Book',
    '@id': url,
    url,
    name: title,
    author: { '@type': 'Person', name: author },
    ...(genre && { genre }),
    // Dates are those of ISO 8601, which has no others of four digits.
    ...(year > 0 && { datePublished: String(year).padStart(4, '0') }),
    ...(rating && isRated(rating) && !rating.hasSamples && { aggregateRating: ratingData(rating) }),
    ...(price !== undefined && {
      offers: {
        '@type': 'Offer',
        url,
        price,
        priceCurrency: currency,
        ...(availabilities[availability] && { availability: `https://schema.org/${availabilities[availability]}` }),
      },
    }),
  })
}

const availabilities: Partial<Record<Availability, string>> = {
  [Availability.AVAILABILITY_IN_STOCK]: 'InStock',
  [Availability.AVAILABILITY_FEW_LEFT]: 'LimitedAvailability',
  [Availability.AVAILABILITY_OUT_OF_STOCK]: 'OutOfStock',
}

function ratingData({ mean, count }: BookRating) {
  const ratingValue = Number(mean.toFixed(1))
  return { '@type': 'AggregateRating', ratingValue, ratingCount: count, bestRating: 5, worstRating: 1 }
}

/** JSON in ASCII, without the `<` of an end tag or a comment. */
function inScript(data: object): string {
  return JSON.stringify(data).replace(
    /[<>&\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
