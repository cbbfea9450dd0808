import { type BookMatch, InventoryServiceService, type TextRange } from '@books/proto'
import { type Client, Status, service } from '@books/rpc'
import { serve, type TestServer } from '@books/rpc/testing'
import { silentLog } from '@books/runtime/testing'
import { followChanges } from '@books/service/watch'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { assert, asyncProperty, string } from 'fast-check'
import { createInventory } from '../inventory.ts'
import { bookOf, engines, type OpenStore, save } from '../store.fixture.ts'

let store: OpenStore
let server: TestServer
let client: Client<typeof InventoryServiceService>

const dune = 'The [Dune] Chronicles / Frank Herbert'
const hobbit = 'The [Hobbit] / J. R. R. Tolkien'
const cholera = 'Love in the Time of Cholera / Gabriel [García] [Márquez]'
const solitude = 'One Hundred Years of Solitude / Gabriel [García] [Márquez]'
const christie = [
  'And Then There Were None / [Agatha] [Christie]',
  'The Murder of Roger Ackroyd / [Agatha] [Christie]',
  'Murder on the Orient Express / [Agatha] [Christie]',
]
const orwell = '[Nineteen Eighty-Four] / George Orwell'
const melville = '[Moby]-[Dick] / Herman Melville'

describe.each(engines)('SearchBooks (%s)', (_, open) => {
  beforeAll(async () => {
    store = await open()
    const methods = createInventory({
      ...store,
      changes: followChanges(store.books.newestRevision, { everyMs: 10, log: silentLog }),
    })
    server = await serve([service(InventoryServiceService, methods)])
    client = server.client(InventoryServiceService)
  })
  afterAll(async () => {
    await server.stop()
    await store.close()
  })

  it.each([
    // Case, accents and the order of words.
    ['dune', 1, [dune]],
    ['DUNE', 1, [dune]],
    ['tolkien hobbit', 1, ['The [Hobbit] / J. R. R. [Tolkien]']],
    ['garcia marquez', 2, [cholera, solitude]],
    ['GARCÍA MÁRQUEZ', 2, [cholera, solitude]],
    ['solitude hundred', 1, ['One [Hundred] Years of [Solitude] / Gabriel García Márquez']],
    ['stanislaw', 1, ['Solaris / [Stanisław] Lem']],
    ['sjowall wahloo', 1, ['Roseanna / Maj [Sjöwall] & Per [Wahlöö]']],
    [
      'bronte',
      3,
      [
        'Jane Eyre / Charlotte [Brontë]',
        'Wuthering Heights / Emily [Brontë]',
        'The Life of Charlotte [Brontë] / Elizabeth Gaskell',
      ],
    ],
    // Typing errors: a letter that is missing, wrong, too many, or swapped.
    ['hobit', 2, [hobbit, 'The Power of [Habit] / Charles Duhigg']],
    ['agatha cristie', 3, christie],
    ['agahta christie', 3, christie],
    ['agatha christtie', 3, christie],
    ['agatha chrystie', 3, christie],
    ['wuthring hights', 1, ['[Wuthering] [Heights] / Emily Brontë']],
    ['dostoyevski', 1, ['Crime and Punishment / Fyodor [Dostoevsky]']],
    ['misrables', 1, ['Les [Misérables] / Victor Hugo']],
    ['a brief history of tiem', 1, ['[A] [Brief] [History] [of] [Time] / Stephen Hawking']],
    ["o'brien", 1, ["Master and Commander / Patrick [O'Brian]"]],
    // Prefixes.
    ['gar', 4, ['Mexican Gothic / Silvia Moreno-[Garcia]', 'The Secret [Garden] / Frances Hodgson Burnett']],
    ['agatha chr', 3, christie],
    // Other spellings.
    ['obrian', 1, ["Master and Commander / Patrick [O'Brian]"]],
    ['O’Brian', 1, ["Master and Commander / Patrick [O'Brian]"]],
    ['hitchhikers guide', 1, ["The [Hitchhiker's] [Guide] to the Galaxy / Douglas Adams"]],
    ['moby dick', 1, [melville]],
    ['mobydick', 1, ['[Moby-Dick] / Herman Melville']],
    ['jrr tolkien', 2, ['The Hobbit / [J. R. R]. [Tolkien]', 'The Fellowship of the Ring / [J. R. R]. [Tolkien]']],
    [
      'J.R.R. Tolkien',
      3,
      ['The Hobbit / [J]. [R]. [R]. [Tolkien]', 'The Fellowship of the Ring / [J]. [R]. [R]. [Tolkien]'],
    ],
    ['1984', 1, [orwell]],
    ['nineteen eighty four', 1, ['[Nineteen] [Eighty]-[Four] / George Orwell']],
    ['seven habits', 1, ['The [7] [Habits] of Highly Effective People / Stephen R. Covey']],
    // The exact title comes first, then whole words, then prefixes.
    [
      'it',
      3,
      [
        '[It] / Stephen King',
        'Feel the Fear and Do [It] Anyway / Susan Jeffers',
        'The Civilization of the Renaissance in [Italy] / Jacob Burckhardt',
      ],
    ],
    [
      'love',
      4,
      [
        '[Love] Story / Erich Segal',
        '[Love] in the Time of Cholera / Gabriel García Márquez',
        'Dark [Lover] / J. R. Ward',
        'The Shadow over Innsmouth / H. P. [Lovecraft]',
      ],
    ],
    ['stephen king', 2, ['It / [Stephen] [King]', 'The Shining / [Stephen] [King]']],
    ['the', 145, ['[The] Monk / Matthew Lewis', 'In [the] Woods / Tana French']],
    // Frequent and unknown words do not hide the rest.
    ['the foundation', 1, ['[Foundation] / Isaac Asimov']],
    ['dune paperback', 1, [dune]],
    ['dune asimov', 2, ['Foundation / Isaac [Asimov]', dune]],
    ['asdf qwer the', 0, []],
    ['sherlok', 0, []],
    // Nothing to search for, or nothing to find.
    ['', 0, []],
    ['%', 0, []],
    ['_', 0, []],
    ['\\', 0, []],
    ['dune%', 1, [dune]],
    ['_une', 0, []],
    ['📚', 0, []],
    ['📚 dune', 1, [dune]],
    ['\u0000', 0, []],
    ['\u0301', 0, []],
    ['百年の孤独', 0, []],
    ['📚'.repeat(200), 0, []],
    ['x'.repeat(200), 0, []],
    ['dune '.repeat(40), 1, [dune]],
    ["'; drop table books; --", 0, []],
  ])('finds %j', async (query, totalSize, first) => {
    const found = await client.searchBooks({ query })

    expect(found.matches.slice(0, first.length).map(marked)).toEqual(first)
    expect(found.totalSize).toBe(totalSize)
    expect(found.matches).toHaveLength(Math.min(totalSize, 24))
  })

  it('corrects words that no book has before it corrects others', async () => {
    await save(store.tables, bookOf(1_000, { title: 'Kind Sailors' }), bookOf(1_001, { title: 'King Sailors' }))

    const known = await client.searchBooks({ query: 'king sailers' })
    const guessed = await client.searchBooks({ query: 'wind sailers' })
    await store.tables.deleteFrom('books').where('id', '>=', 1_000).execute()

    expect(known.matches.map(marked)).toEqual(['[King] [Sailors] / Ann Author'])
    expect(guessed.matches.slice(0, 1).map(marked)).toEqual(['[Kind] [Sailors] / Ann Author'])
  })

  it('counts ranges in code points', async () => {
    await save(store.tables, bookOf(1_000, { title: '📚𝔾ödel 📚 Éclairs', author: '村上 春樹' }))

    const byTitle = await client.searchBooks({ query: 'eclairs' })
    const byAuthor = await client.searchBooks({ query: '春樹' })
    await store.tables.deleteFrom('books').where('id', '=', 1_000).execute()

    expect(byTitle.matches[0]).toMatchObject({ titleRanges: [{ start: 9, end: 16 }], authorRanges: [] })
    expect(byAuthor.matches.map(marked)).toEqual(['📚𝔾ödel 📚 Éclairs / 村上 [春][樹]'])
  })

  it('finds a book by its current title', async () => {
    await save(store.tables, bookOf(1_000, { title: 'Zanzibar' }))
    await save(store.tables, bookOf(1_000, { title: 'Timbuktu' }))

    const before = await client.searchBooks({ query: 'zanzibar' })
    const now = await client.searchBooks({ query: 'timbuktu' })
    await store.tables.deleteFrom('books').where('id', '=', 1_000).execute()

    expect(before.totalSize).toBe(0)
    expect(now.matches.map(marked)).toEqual(['[Timbuktu] / Ann Author'])
  })

  it('gives pages in one order', async () => {
    const whole = await client.searchBooks({ query: 'the', pageSize: 100 })
    const pages = [0, 40, 80].map((skip) => client.searchBooks({ query: 'the', pageSize: 40, skip }))
    const all = (await Promise.all(pages)).flatMap(({ matches }) => matches)
    const beyond = await client.searchBooks({ query: 'the', skip: 5_000 })

    expect(all.slice(0, 100)).toEqual(whole.matches)
    expect(beyond).toEqual({ matches: [], totalSize: 145 })
  })

  it('gives 24 matches by default, and at most 100', async () => {
    const sizes = [0, 7, 5_000].map((pageSize) => client.searchBooks({ query: 'the', pageSize }))

    expect((await Promise.all(sizes)).map(({ matches }) => matches.length)).toEqual([24, 7, 100])
  })

  it('answers any query, with ranges inside the texts', async () => {
    const query = string({ unit: 'binary', maxLength: 40 })

    await assert(
      asyncProperty(query, async (typed) => {
        const { matches } = await client.searchBooks({ query: typed, pageSize: 100 })
        for (const { book, titleRanges, authorRanges } of matches) {
          expect(titleRanges.length + authorRanges.length).toBeGreaterThan(0)
          expectInside(titleRanges, book?.title ?? '')
          expectInside(authorRanges, book?.author ?? '')
        }
      }),
      { numRuns: 150 },
    )
  })

  it.each([
    ['query', { query: 'é'.repeat(201) }],
    ['page_size', { query: 'dune', pageSize: -1 }],
    ['skip', { query: 'dune', skip: -1 }],
  ])('refuses an invalid %s, and names the field', async (field, wrong) => {
    await expect(client.searchBooks(wrong)).rejects.toMatchObject({
      code: Status.INVALID_ARGUMENT,
      details: { badRequest: { fieldViolations: [{ field }] } },
    })
  })
})

/** Title and author of a match, with what matches in brackets. */
function marked({ book, titleRanges, authorRanges }: BookMatch): string {
  return `${mark(book?.title ?? '', titleRanges)} / ${mark(book?.author ?? '', authorRanges)}`
}

function mark(text: string, ranges: readonly TextRange[]): string {
  const points = Array.from(text)
  for (const { start, end } of ranges.toReversed())
    points.splice(start, end - start, `[${points.slice(start, end).join('')}]`)
  return points.join('')
}

function expectInside(ranges: readonly TextRange[], text: string): void {
  const bounds = ranges.flatMap(({ start, end }) => [start, end])
  expect(bounds).toEqual(bounds.toSorted((a, b) => a - b))
  expect(bounds.at(-1) ?? 0).toBeLessThanOrEqual(Array.from(text).length)
}
