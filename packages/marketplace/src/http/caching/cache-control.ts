/** What may be kept of an answer, and by whom. */
export const cacheControl = {
  /** Kept by the browser that asked, which asks each time whether it is still the same. */
  page: 'private, no-cache',
  /** Kept by nobody: it is about this moment, or has a secret of this visitor in it. */
  nothing: 'no-store',
  /** The same for all, and no worse for being five minutes old. */
  shared: 'public, max-age=300',
  /** Kept for good: its URL changes with its content. */
  forGood: 'public, max-age=31536000, immutable',
} as const

/** What may be kept of an answer whose route has not said so. */
export function ruleFor(status: number, type: string): string {
  if (status !== 200 || type.startsWith('application/json')) return cacheControl.nothing
  return type.startsWith('text/html') ? cacheControl.page : cacheControl.shared
}
