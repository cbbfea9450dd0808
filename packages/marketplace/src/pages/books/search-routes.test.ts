import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { fakeInventory } from '../../services.fixture.ts'
import { openShop, openShopOver } from '../../shop.fixture.ts'
import { partsOf } from './search-page.ts'

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

describe('search', () => {
  it('finds books and marks what matches', async () => {
    const { app } = await open()

    const { body } = await app.inject('/search?q=+moon+')

    expect(body).toContain('value="moon"')
    expect(body).toContain('One book for “moon”')
    expect(body).toContain('The <mark>Moon</mark>stone')
    expect(body).toContain('<meta name="robots" content="noindex">')
  })

  it('keeps the query on every page', async () => {
    const { app } = await open()

    const { body } = await app.inject('/search?q=the&page=2')

    expect(body).toContain('<link rel="next" href="/search?q&#x3D;the&amp;page&#x3D;3">')
    expect(body).toContain('<link rel="prev" href="/search?q&#x3D;the">')
  })

  it('shows a notice without a query, without matches, and without an answer', async () => {
    const { app } = await open()
    const alone = await openShop()
    opened.defer(alone.close)

    expect((await app.inject('/search')).body).toContain('What are you looking for?')
    expect((await app.inject('/search?q=%3Cxyz%3E')).body).toContain('Nothing here goes by “&lt;xyz&gt;”.')
    const { statusCode, body } = await alone.app.inject('/search?q=dune')
    expect(statusCode).toBe(200)
    expect(body).toContain('data-fallback="inventory"')
    expect(body).toContain('We cannot search the shelves just now.')
  })
})

describe('partsOf', () => {
  it.each([
    ['nothing', 'Dune', [], ['Dune']],
    ['the beginning', 'Dune', [[0, 2]], ['[Du]', 'ne']],
    [
      'several',
      'One Hundred Years',
      [
        [0, 3],
        [4, 11],
      ],
      ['[One]', ' ', '[Hundred]', ' Years'],
    ],
    [
      'overlapping ranges',
      'abcdef',
      [
        [0, 3],
        [2, 5],
      ],
      ['[abc]', '[de]', 'f'],
    ],
    ['a range past the end', 'ab', [[1, 9]], ['a', '[b]']],
    ['code points, not units', '📚 book', [[2, 6]], ['📚 ', '[book]']],
  ] as [string, string, [number, number][], string[]][])('splits out %s', (_what, text, ranges, parts) => {
    const found = partsOf(
      text,
      ranges.map(([start, end]) => ({ start, end })),
    )

    expect(found.map((part) => (part.isMatch ? `[${part.text}]` : part.text))).toEqual(parts)
  })
})

async function open() {
  const shop = await openShopOver([fakeInventory()])
  opened.defer(shop.close)
  return shop
}
