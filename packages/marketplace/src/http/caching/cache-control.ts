/** Values of `Cache-Control`. */
export const cacheControl = {
  /** Stored by browsers, which revalidate it each time. */
  page: 'private, no-cache',
  /** Not stored: it is about this moment, or contains a secret of its reader. */
  noStore: 'no-store',
  /** The same for everyone; up to five minutes old. */
  shared: 'public, max-age=300',
  /** Stored without a limit: its URL changes with its content. */
  immutable: 'public, max-age=31536000, immutable',
} as const

/** The `Cache-Control` of a response whose route has not set one. */
export function cacheControlOf(status: number, type: string): string {
  if (status !== 200 || type.startsWith('application/json')) return cacheControl.noStore
  return type.startsWith('text/html') ? cacheControl.page : cacheControl.shared
}
