import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { fakeArticles, fakeInventory, fakeRecommendations } from '../../services.fixture.ts'
import { openShopOver, type TestShop } from '../../shop.fixture.ts'

let shop: TestShop
beforeAll(async () => {
  shop = await openShopOver([fakeRecommendations(), fakeInventory(), fakeArticles()], { FRESH_MS: 600_000 })
})
afterAll(() => shop.close())

const decompress: Record<string, (body: Buffer) => Buffer> = {
  zstd: zstdDecompressSync,
  br: brotliDecompressSync,
  gzip: gunzipSync,
  identity: (body) => body,
}

describe('a page', () => {
  it.each([
    ['a current browser', 'gzip, deflate, br, zstd', 'zstd'],
    ['a browser without zstd', 'gzip, deflate, br', 'br'],
    ['an old browser', 'gzip, deflate', 'gzip'],
    ['a client that prefers gzip', 'gzip, br;q=0.5, zstd;q=0.1', 'gzip'],
    ['a client that refuses zstd', 'zstd;q=0, br', 'br'],
    ['a client with capitals', 'BR', 'br'],
    ['a client that accepts no compression', 'identity', 'identity'],
    ['a client that accepts only an obsolete encoding', 'compress', 'identity'],
    ['a client without Accept-Encoding', undefined, 'identity'],
  ])('is encoded as %s accepts it, and is the same page', async (_client, accepted, encoding) => {
    const plain = await open('/')

    const { statusCode, headers, rawPayload } = await open('/', accepted)

    expect([statusCode, headers['content-encoding'] ?? 'identity']).toEqual([200, encoding])
    expect(headers['vary']).toBe('Cookie, Accept-Encoding')
    expect(headers['etag']).toBe(plain.headers['etag'])
    expect(Number(headers['content-length'])).toBe(rawPayload.length)
    expect(decompress[encoding]?.(rawPayload).toString()).toBe(plain.body)
  })

  it.each(['/robots.txt', '/healthz'])('is not compressed where it is small: %s', async (url) => {
    const { headers } = await open(url, 'gzip, br, zstd')

    expect(headers).not.toHaveProperty('content-encoding')
  })

  it.each(['/sitemap.xml', '/articles.atom', '/books/5', '/taste', '/nothing'])(
    'is compressed whatever its kind: %s',
    async (url) => {
      const { headers } = await open(url, 'gzip, br, zstd')

      expect(headers['content-encoding']).toBe('zstd')
    },
  )

  it.each(['zstd', 'br', 'gzip'])('has at most 40 KB with its styles and covers, encoded as %s', async (encoding) => {
    const page = await open('/', encoding)
    const stylesheet = await open(linkIn((await open('/')).body, 'stylesheet'), `${encoding}, br;q=0.5, gzip;q=0.1`)

    expect(page.rawPayload.length + stylesheet.rawPayload.length).toBeLessThanOrEqual(40_000)
  })
})

describe('the stylesheet', () => {
  it.each([
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['identity', 'identity'],
    [undefined, 'identity'],
  ])('is sent for %s as %s, compressed in advance and as far as possible', async (accepted, encoding) => {
    const path = linkIn((await open('/')).body, 'stylesheet')
    const plain = await open(path)

    const { headers, rawPayload } = await open(path, accepted)

    expect(headers['content-encoding'] ?? 'identity').toBe(encoding)
    expect(headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'Accept-Encoding',
      etag: plain.headers['etag'],
    })
    expect(decompress[encoding]?.(rawPayload)).toEqual(plain.rawPayload)
    if (encoding !== 'identity') expect(rawPayload.length).toBeLessThan(plain.rawPayload.length / 3)
  })

  it('is not sent again to a client that has it', async () => {
    const path = linkIn((await open('/')).body, 'stylesheet')
    const { etag } = (await open(path)).headers

    const again = await shop.app.inject({ url: path, headers: { 'if-none-match': etag, 'accept-encoding': 'br' } })

    expect([again.statusCode, again.body]).toEqual([304, ''])
    expect(again.headers).not.toHaveProperty('content-encoding')
  })
})

function open(url: string, accepted?: string) {
  return shop.app.inject({ url, headers: { ...(accepted !== undefined && { 'accept-encoding': accepted }) } })
}

function linkIn(html: string, relation: string): string {
  return new RegExp(`<link rel="${relation}" href="([^"]+)"`).exec(html)?.[1] ?? ''
}
