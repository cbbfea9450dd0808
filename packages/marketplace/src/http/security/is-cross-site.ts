import type { IncomingHttpHeaders } from 'node:http'

/**
 * Whether a browser says that the page of another site made it send a request. Browsers since 2020 say so in
 * `Sec-Fetch-Site`, older ones name the site in `Origin`; a sender that says neither is no browser that could be misused.
 */
export function isFromElsewhere(
  { 'sec-fetch-site': site, origin }: IncomingHttpHeaders,
  ownOrigins: readonly string[],
): boolean {
  // `none` is what somebody does by themselves, such as opening a bookmark.
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true
  return origin !== undefined && !ownOrigins.includes(origin)
}
