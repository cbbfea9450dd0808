import type { ReviewState } from '../tables.ts'

/** What a person decides on a review. */
export type Decision = 'hide' | 'restore' | 'delete'

/** The state of a review after a decision; undefined where it is deleted. */
export function stateAfter(decision: Decision): ReviewState | undefined {
  return { hide: 'hidden' as const, restore: 'shown' as const, delete: undefined }[decision]
}

/** Whether the writer of a review in this state is told of a decision: where it changes what readers see, or who hid it. */
export function isTold(decision: Decision, state: ReviewState): boolean {
  return stateAfter(decision) !== state
}
