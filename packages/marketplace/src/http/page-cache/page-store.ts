import { LRUCache } from 'lru-cache'
import { areResting, isUsable, type Lifetime } from '../../backends/answer-lifetime.ts'

/** The headers of a response, by their names. */
export type ResponseHeaders = Readonly<Record<string, unknown>>

/** A page as it is sent to every visitor of whom it has nothing. */
export interface StoredPage {
  readonly route: string | undefined
  readonly lifetime: Lifetime
  readonly tag: string
  /** Names and values in turn, which Node writes as they are. */
  readonly headers: string[]
  /** The headers of the answer to a browser that has the page. */
  readonly headersOf304: string[]
  /** In the encoding that the headers name. */
  readonly body: Buffer
}

/** Pages by their URL and encoding. */
export interface PageStore {
  get(key: string): StoredPage | undefined
  /** Stores the page for as long as it is usable; not one that lacks the answer of a backend that does not rest. */
  set(key: string, page: StoredPage): void
}

// All pages of the default catalogue, plain and in two encodings.
const maxBytes = 32 * 1024 * 1024
const bytesOfHeaders = 2_048

/** Creates a store that removes the pages that were not asked for the longest where it would have more than 32 MiB. */
export function createPageStore(): PageStore {
  const pages = new LRUCache<string, StoredPage>({
    maxSize: maxBytes,
    sizeCalculation: ({ body }, key) => body.length + key.length + bytesOfHeaders,
  })
  return {
    get: (key) => pages.get(key),
    set(key, page) {
      if (isUsable(page.lifetime) && areResting(page.lifetime)) pages.set(key, page)
    },
  }
}

// Those of a single response, or of its body.
const ownHeaders = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding', 'server-timing', 'content-length'])
const bodyHeaders = new Set(['content-type', 'content-encoding'])

/** What a page is made from: its route, and the headers and body of a response. */
export interface PageParts {
  route: string | undefined
  lifetime: Lifetime
  headers: ResponseHeaders
  body: Buffer
}

/** Makes a page of which each answer is a copy. */
export function storedPageOf({ route, lifetime, headers, body }: PageParts): StoredPage {
  const common = Object.entries(headers).filter(([name]) => !ownHeaders.has(name))
  const flat = (entries: typeof common) => entries.flatMap(([name, value]) => [name, String(value)])
  return {
    ...{ route, lifetime, body },
    tag: String(headers['etag']),
    headers: [...flat(common), 'content-length', String(body.length)],
    headersOf304: flat(common.filter(([name]) => !bodyHeaders.has(name))),
  }
}
