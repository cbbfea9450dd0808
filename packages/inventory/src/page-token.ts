import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import type { BookSort, Place } from './book-sort.ts'

const longestToken = 10_000

const Text = Type.String({ pattern: '^[^\\u0000]*$' })
const Token = Type.Tuple([
  Type.String(),
  Type.String(),
  Type.Union([Text, Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }), Type.Null()]),
  Text,
  Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1 }),
])

/** What a list is of: a token is good for no other. */
export interface Listing {
  /** Empty for all shelves. */
  category: string
  sort: BookSort
}

/** Names the last book of a page, so that the next one can begin behind it. */
export function writePageToken({ category, sort }: Listing, { value, titleKey, id }: Place): string {
  const token: Static<typeof Token> = [category, sort, value, titleKey, id]
  return Buffer.from(JSON.stringify(token)).toString('base64url')
}

/** The book that a token names; undefined where it is no token, or one of another list. */
export function readPageToken(token: string, listing: Listing): Place | undefined {
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
