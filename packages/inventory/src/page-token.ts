import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import type { BookSort, Cursor } from './book-sort.ts'

const longestToken = 10_000

const Text = Type.String({ pattern: '^[^\\u0000]*$' })
const Token = Type.Tuple([
  Type.String(),
  Type.String(),
  Type.Union([Text, Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }), Type.Null()]),
  Text,
  Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1 }),
])

/** The list that a token belongs to. */
export interface Listing {
  /** Empty for all categories. */
  category: string
  sort: BookSort
}

/** Encodes the cursor of the last book of a page, after which the next page begins. */
export function writePageToken({ category, sort }: Listing, { value, titleKey, id }: Cursor): string {
  const token: Static<typeof Token> = [category, sort, value, titleKey, id]
  return Buffer.from(JSON.stringify(token)).toString('base64url')
}

/** The cursor of a token; undefined where it is invalid, or of another list. */
export function readPageToken(token: string, listing: Listing): Cursor | undefined {
  if (token.length > longestToken) return undefined
  const parsed = parse(Buffer.from(token, 'base64url').toString())
  if (!Value.Check(Token, parsed)) return undefined

  const [category, sort, value, titleKey, id] = parsed
  const isOfListing = category === listing.category && sort === listing.sort && typeof value === typeOfValue[sort]
  return isOfListing ? { value, titleKey, id } : undefined
}

const typeOfValue: Record<BookSort, string> = {
  title: typeof null,
  author: 'string',
  newest: 'number',
  oldest: 'number',
  cheapest: 'number',
  dearest: 'number',
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
