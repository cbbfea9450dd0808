import { Availability } from '@books/proto'
import type { FreeChange } from './move-copies.ts'

/** The most copies whose number is worth telling. */
export const mostLeft = 5

/** The free copies as pages show them: one more than a few stands for any greater number. */
export function copiesShownOf(free: number): number {
  return Math.min(free, mostLeft + 1)
}

/** Whether pages show another availability after a change. */
export function isShown({ before, after }: FreeChange): boolean {
  return copiesShownOf(before) !== copiesShownOf(after)
}

/** The availability in a message of a book, and the number of copies where it is told. */
export function availabilityOf(copiesShown: number) {
  if (copiesShown === 0) return { availability: Availability.AVAILABILITY_OUT_OF_STOCK, copiesLeft: 0 }
  return copiesShown > mostLeft
    ? { availability: Availability.AVAILABILITY_IN_STOCK, copiesLeft: 0 }
    : { availability: Availability.AVAILABILITY_FEW_LEFT, copiesLeft: copiesShown }
}
