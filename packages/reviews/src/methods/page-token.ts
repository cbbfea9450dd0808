import { invalidArgument } from '@books/rpc'

/** What a number of a position may be. */
export interface Limit {
  min: number
  max: number
  isWhole: boolean
}

/** Numbers of reviews. */
export const numbers: Limit = { min: 1, max: Number.MAX_SAFE_INTEGER, isWhole: true }
/** Milliseconds since 1970, to the year 9999. */
export const times: Limit = { min: 0, max: Date.UTC(9_999, 0), isWhole: true }

/** Encodes the position in a list after which its next page begins. */
export function writePageToken(list: string, position: readonly number[]): string {
  return Buffer.from(JSON.stringify([list, ...position])).toString('base64url')
}

/** The position of a token, a number for each limit. Throws INVALID_ARGUMENT where it is invalid, or of another list. */
export function readPageToken(token: string, list: string, limits: readonly Limit[]): number[] {
  const [ofList, ...position] = parse(Buffer.from(token.slice(0, 1_000), 'base64url').toString())
  const isPosition =
    position.length === limits.length &&
    limits.every(({ min, max, isWhole }, index) => {
      const value = position[index]
      return typeof value === 'number' && value >= min && value <= max && (!isWhole || Number.isInteger(value))
    })
  if (ofList !== list || !isPosition) throw invalidArgument('page_token', 'must be from an answer to the same request')
  return position as number[]
}

function parse(text: string): unknown[] {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value : []
  } catch {
    return []
  }
}
