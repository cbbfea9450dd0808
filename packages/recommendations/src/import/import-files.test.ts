import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { type Database } from '@books/runtime'
import { openMemoryDatabase } from '@books/runtime/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { Kysely } from 'kysely'
import { firstImportedId } from '../books/book-ids.ts'
import { createBookStore } from '../books/book-store.ts'
import { simulateReaders } from '../readers/demo-readers.ts'
import { createInteractionStore } from '../readers/interaction-store.ts'
import { bookIndex } from '../store.fixture.ts'
import type { Tables } from '../tables.ts'
import { importFiles } from './import-files.ts'

let folder: string
let database: Database
let tables: Kysely<Tables>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'books-import-'))
  database = await openMemoryDatabase()
  tables = await database.open<Tables>('recommendations', new URL('../../migrations/', import.meta.url))
})
afterAll(async () => {
  await database.close()
  await rm(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  await tables.deleteFrom('interactions').execute()
  await tables.deleteFrom('books').execute()
  await createBookStore(tables).fill(bookIndex.listBooks())
})

describe('import', () => {
  it.each([
    [
      'plain',
      'reader,book,kind,time\n7,1,liked,2026-05-04\n7,2,disliked,2026-05-05T10:00:00Z\n',
      ['liked', 'disliked'],
      [0, 0],
    ],
    [
      'plain with ratings',
      'reader,book,kind,time,rating\n7,1,rated,2026-05-04,5\n7,2,viewed,2026-05-05,\n',
      ['rated', 'viewed'],
      [5, 0],
    ],
    [
      'MovieLens',
      'userId,movieId,rating,timestamp\n7,1,4.5,964982703\n7,2,0.5,964981247\n',
      ['rated', 'rated'],
      [5, 1],
    ],
    ['goodbooks', 'user_id,book_id,rating\n7,1,4\n7,2,1\n', ['rated', 'rated'], [4, 1]],
    ['Book-Crossing', 'user_id,isbn,rating\n7," 1",0\n7,"2",11\n', ['bought', 'rated'], [0, 5]],
    [
      'Book-Crossing, as first published',
      '"User-ID";"ISBN";"Book-Rating"\n"7";"1";"0"\n"7";"2";"9"\n',
      ['bought', 'rated'],
      [0, 5],
    ],
  ])('reads ratings in the layout %s', async (_layout, text, kinds, ratings) => {
    const imported = await importText(text)

    const kept = await listKept()
    expect(imported).toEqual({ taken: 2, known: 0, newBooks: 0, undescribed: 0 })
    expect(kept.map(({ kind }) => kind)).toEqual(kinds)
    expect(kept.map(({ rating }) => rating)).toEqual(ratings)
    expect(kept).toMatchObject([
      { readerId: 7, bookId: 1 },
      { readerId: 7, bookId: 2 },
    ])
  })

  it.each([
    [
      'plain',
      'book,title,author,year,category\nk1,Dune Again,Frank Herbert,1970,SCIENCE_FICTION\n',
      { title: 'Dune Again', author: 'Frank Herbert', year: 1970, category: 'SCIENCE_FICTION' },
    ],
    [
      'MovieLens',
      'movieId,title,genres\nk1,"Big Sleep, The (1946)",Crime|Film-Noir|Mystery\n',
      { title: 'Big Sleep, The', author: '', year: 1946, category: 'MYSTERY' },
    ],
    [
      'goodbooks',
      'book_id,isbn,authors,original_publication_year,title\nk1,1,Jane Doe,1987.0,A Title\n',
      { title: 'A Title', author: 'Jane Doe', year: 1987, category: 'CLASSICS' },
    ],
    [
      'Book-Crossing, as first published',
      '"ISBN";"Book-Title";"Book-Author";"Year-Of-Publication"\n"K1";"A; Title";"Jane Doe";"1987"\n',
      { title: 'A; Title', author: 'Jane Doe', year: 1987, category: 'CLASSICS' },
    ],
  ])('reads books in the layout %s', async (layout, books, facts) => {
    const key = layout.startsWith('Book') ? 'K1' : 'k1'

    const imported = await importText(`reader,book,kind,time\n7,${key},liked,2026-05-04\n`, books)

    const [book] = await Array.fromAsync(createBookStore(tables).listBooks())
    expect(imported).toMatchObject({ newBooks: 1, undescribed: 0 })
    expect(book).toEqual({ id: firstImportedId, ...facts })
    expect(await listKept()).toMatchObject([{ bookId: book?.id }])
  })

  it('gives books that no file describes their key as title', async () => {
    const imported = await importText('user_id,isbn,rating\n7,034545104x,9\n')

    const [book] = await Array.fromAsync(createBookStore(tables).listBooks())
    expect(imported).toMatchObject({ newBooks: 1, undescribed: 1 })
    expect(book).toMatchObject({ title: '034545104X', category: 'CLASSICS' })
  })

  it('may be repeated, and removes the simulated readers', async () => {
    await createInteractionStore(tables).record([...simulateReaders(bookIndex.listBooks())])
    const text = 'reader,book,kind,time\n7,new,liked,2026-05-04\n'

    const first = await importText(text)
    const second = await importText(text)

    expect(first).toMatchObject({ taken: 1, newBooks: 1 })
    expect(second).toEqual({ taken: 0, known: 1, newBooks: 0, undescribed: 0 })
    expect(await listKept()).toHaveLength(1)
  })

  it('reads a gzipped file', async () => {
    const file = join(folder, 'ratings.csv.gz')
    await writeFile(file, await promisify(gzip)('user_id,book_id,rating\n7,1,4\n'))

    expect(await importFiles(tables, { ratings: file, category: 'CLASSICS' }, () => {})).toMatchObject({ taken: 1 })
  })

  it.each([
    ['7,1,adored,2026-05-04', 'kind must be one of viewed, liked, disliked, bought, rated'],
    ['7,1,liked,yesterday', 'time must be from the year 1 to 9999'],
    ['7,1,liked,-004685-01-01', 'time must be from the year 1 to 9999'],
    ['7,1,liked,+010000-01-01', 'time must be from the year 1 to 9999'],
    ['7,key\0,liked,2026-05-04', 'has a NUL character'],
    ['zero,1,liked,2026-05-04', 'the reader must be a number from 1 to 999999999'],
    ['1000000000,1,liked,2026-05-04', 'the reader must be a number from 1 to 999999999'],
    ['1e3,1,liked,2026-05-04', 'the reader must be a number from 1 to 999999999'],
    ['7,,liked,2026-05-04', 'the book is missing'],
    ['7,1,liked', 'Invalid Record Length'],
    ['7,"1,liked,2026-05-04', 'Quote Not Closed'],
  ])('stores nothing where a line is wrong, and names it: %s', async (line, problem) => {
    const good = Array.from({ length: 6_000 }, (_, index) => `7,key-${index},liked,2026-05-04`).join('\n')

    const importing = importText(`reader,book,kind,time\n${good}\n${line}\n`)

    await expect(importing).rejects.toThrow(new RegExp(`ratings.csv:600\\d: .*${problem}`))
    expect(await listKept()).toEqual([])
    expect(await Array.fromAsync(createBookStore(tables).listBooks())).toHaveLength(bookIndex.count)
  })

  it.each(['1e300', 'Infinity', '20000'])('refuses a book of the year %s', async (year) => {
    const books = `book,title,author,year,category\nk1,A,B,${year},HORROR\n`

    const importing = importText('reader,book,kind,time\n7,k1,liked,2026-05-04\n', books)

    await expect(importing).rejects.toThrow('books.csv:2: year must be a number of at most four digits')
  })

  it.each([
    ['', /ratings.csv: the file is empty/],
    ['a,b\n1,2\n', /ratings.csv:1: the columns fit no known layout/],
  ])('refuses a file without rows or with unknown columns', async (text, problem) => {
    await expect(importText(text)).rejects.toThrow(problem)
  })

  it('names a missing file', async () => {
    const ratings = join(folder, 'none.csv')

    await expect(importFiles(tables, { ratings, category: 'CLASSICS' }, () => {})).rejects.toThrow(
      `${ratings}: there is no such file`,
    )
  })
})

async function importText(ratings: string, books?: string) {
  const files = { ratings: join(folder, 'ratings.csv'), books: books && join(folder, 'books.csv') }
  await writeFile(files.ratings, ratings)
  if (files.books) await writeFile(files.books, books ?? '')
  return importFiles(tables, { ...files, category: 'CLASSICS' }, () => {})
}

async function listKept() {
  return Array.fromAsync(createInteractionStore(tables).listInteractions())
}
