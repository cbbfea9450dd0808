/** How much a new account may write. */
export interface WriteLimit {
  reviews: number
  withinMs: number
}

/** The times that are kept after one more review, or how long to wait for it. All are in milliseconds. */
export function takeTurn(
  recent: readonly number[],
  nowMs: number,
  { reviews, withinMs }: WriteLimit,
): { recent: number[]; waitMs: number } {
  const counted = recent.filter((ms) => nowMs - ms < withinMs)
  const first = counted.at(-reviews)
  if (first !== undefined) return { recent: counted, waitMs: first + withinMs - nowMs }
  return { recent: [...counted, nowMs], waitMs: 0 }
}
