import { randomBytes } from 'node:crypto'

/** An id that cannot be guessed: who knows that of a payment may pay it. */
export function newId(kind: 'pay' | 'evt'): string {
  return `${kind}_${randomBytes(16).toString('hex')}`
}
