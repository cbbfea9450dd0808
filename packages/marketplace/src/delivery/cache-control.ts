/** What may be kept of an answer, and by whom. */
export const cacheControl = {
  /** Kept by the browser that asked, which asks each time whether it is still the same. */
  page: 'private, no-cache',
  /** Kept by nobody: it is about this moment, or about this visitor alone. */
  nothing: 'no-store',
  /** The same for all, and no worse for being five minutes old. */
  shared: 'public, max-age=300',
  /** Kept for good: its URL changes with its content. */
  forGood: 'public, max-age=31536000, immutable',
} as const
