import type { IncomingHttpHeaders } from 'node:http'

/**
 * Whether a page of another site made a browser send this request. Browsers since 2020 say so in `Sec-Fetch-Site`, and older ones
 * send `Origin`; a client that sends neither is not a browser and has no session to abuse.
 */
export function isCrossSite(
  { 'sec-fetch-site': site, origin }: IncomingHttpHeaders,
  ownOrigins: readonly string[],
): boolean {
  // `none` is a request that no page made, such as a bookmark.
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true
  return origin !== undefined && !ownOrigins.includes(origin)
}

/** Whether a browser says that a page of this shop made it send this request. */
export function isSameOrigin(
  { 'sec-fetch-site': site, origin }: IncomingHttpHeaders,
  ownOrigins: readonly string[],
): boolean {
  return site === 'same-origin' || (site === undefined && origin !== undefined && ownOrigins.includes(origin))
}
