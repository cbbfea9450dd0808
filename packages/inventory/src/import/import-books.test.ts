import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { bookOf, catalogue, type OpenStore, openStore, save } from '../store.fixture.ts'
import { importBooks } from './import-books.ts'
import { readBookFile } from './read-book-file.ts'

let folder: string
let file: string
let store: OpenStore

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'books-import-'))
  file = join(folder, 'books.csv')
  store = await openStore()
})
afterAll(async () => {
  await store.close()
  await rm(folder, { recursive: true })
})
beforeEach(async () => {
  await store.tables.deleteFrom('books').execute()
  await save(store.tables, ...catalogue.slice(0, 3))
})

describe('import', () => {
  it('adds new books, changes those with a known id or a known title and author, and leaves equal ones', async () => {
    const before = await store.books.newestRevision()

    const imported = await importText(`
      id,title,author,year,category,price,currency
      ,New Book,Ann Author,-12,Children's,9.5,usd
      40,Far Away,Ann Author,2001,science fiction,10,EUR
      ,After It,Ann Author,2001,SELF_HELP,0.00,
      1,The Maltese Falcon,Dashiell Hammett,1930,Mystery,13.00,EUR
      ,Murder on the Orient Express,Agatha Christie,1934,MYSTERY,10.90,EUR
    `)

    const changed = await store.books.listChanged(before, 100)
    expect(imported).toEqual({ added: 3, changed: 1, unchanged: 1 })
    expect(changed).toMatchObject([
      bookOf(41, { title: 'New Book', year: -12, category: 'CHILDRENS', priceCents: 950, currency: 'USD' }),
      bookOf(40, { title: 'Far Away', category: 'SCIENCE_FICTION', priceCents: 1000 }),
      bookOf(42, { title: 'After It', category: 'SELF_HELP', priceCents: 0 }),
      { ...catalogue[0], priceCents: 1300, copiesShown: 0 },
    ])
  })

  it('makes no new revision for a file that was imported already', async () => {
    const text = 'title,author,year,category,price\nNew Book,Ann Author,2001,MYSTERY,9.99\n'
    await importText(text)
    const before = await store.books.newestRevision()

    expect(await importText(text)).toEqual({ added: 0, changed: 0, unchanged: 1 })
    expect(await store.books.newestRevision()).toBe(before)
  })

  it('sets how many copies are free where it has a column stock, and adds none twice', async () => {
    const text = `
      id,title,author,year,category,price,stock
      1,The Maltese Falcon,Dashiell Hammett,1930,MYSTERY,12.50,40
      ,New Book,Ann Author,2001,MYSTERY,9.99,3
      ,Without,Ann Author,2001,MYSTERY,9.99,
    `
    const imported = await importText(text)
    const again = await importText(text)
    await store.reservations.hold('one', [{ bookId: 4, copies: 3 }], new Date(Date.now() + 60_000))
    const restocked = await importText(text)

    const shown = await store.books.listByIds([1, 4, 5])
    const copiesShown = Object.fromEntries(shown.map((book) => [book.id, book.copiesShown]))
    expect([imported, again, restocked]).toEqual([
      { added: 2, changed: 1, unchanged: 0 },
      { added: 0, changed: 0, unchanged: 3 },
      { added: 0, changed: 1, unchanged: 2 },
    ])
    expect(copiesShown).toEqual({ 1: 6, 4: 3, 5: 0 })
    expect(await store.stock.list([4])).toEqual([{ bookId: 4, free: 3, held: 3, sold: 0 }])
  })

  it('reads prices exactly, with the decimals of their currency', async () => {
    await importText(`
      title,author,year,category,price,currency
      Cents,A,2001,MYSTERY,1.10,EUR
      Few Digits,A,2001,MYSTERY,1.1,EUR
      Dear,A,2001,MYSTERY,123456789.99,EUR
      Yen,A,2001,MYSTERY,1200,JPY
      Dinar,A,2001,MYSTERY,1.234,KWD
      No Binary Fraction,A,2001,MYSTERY,1.15,EUR
    `)

    const books = await store.books.listChanged(0, 100)
    expect(books.slice(3).map(({ priceCents }) => priceCents)).toEqual([110, 110, 12_345_678_999, 1200, 1234, 115])
  })

  it('lets two books swap their titles', async () => {
    const imported = await importText(`
      id,title,author,year,category,price
      2,The Maltese Falcon,Dashiell Hammett,1930,MYSTERY,12.50
      1,Murder on the Orient Express,Agatha Christie,1934,MYSTERY,10.90
    `)

    expect(imported).toEqual({ added: 0, changed: 2, unchanged: 0 })
    expect((await store.books.listByIds([2])).map(({ title }) => title)).toEqual(['The Maltese Falcon'])
  })

  it('reads a gzipped file, and normalizes texts', async () => {
    const zipped = join(folder, 'books.csv.gz')
    const text = '\ufeffTitle;Author;Year;Category;Price\n"  Cafe\u0301;\n Noir ";A;2001;MYSTERY;9.99\n'
    await writeFile(zipped, await promisify(gzip)(text))

    await importBooks(store.tables, { file: zipped, rows: await readBookFile(zipped) }, () => {})

    expect((await store.books.listChanged(0, 100)).at(-1)).toMatchObject({ id: 4, title: 'Café; Noir' })
  })

  it('reports its progress', async () => {
    const rows = Array.from({ length: 1_200 }, (_, index) => `Volume ${index},A,2001,MYSTERY,9.99`)
    await writeFile(file, ['title,author,year,category,price', ...rows].join('\n'))
    const reported: [number, number][] = []

    await importBooks(store.tables, { file, rows: await readBookFile(file) }, (...progress) => reported.push(progress))

    expect(reported).toEqual([
      [500, 1_200],
      [1_000, 1_200],
      [1_200, 1_200],
    ])
  })

  it('names every problem, line by line, and stores nothing', async () => {
    const importing = importText(`
      id,title,author,year,category,price,currency
      ,Good,A,2001,MYSTERY,9.99,EUR
      0,B,A,2001,MYSTERY,9.99,EUR
      1000000000,B,A,2001,MYSTERY,9.99,EUR
      one,B,A,2001,MYSTERY,9.99,EUR
      ,,A,2001,MYSTERY,9.99,EUR
      ,${'x'.repeat(301)},A,2001,MYSTERY,9.99,EUR
      ,B\ufffd,A,2001,MYSTERY,9.99,EUR
      ,B\u0001,A,2001,MYSTERY,9.99,EUR
      ,\u200b\ufeff,A,2001,MYSTERY,9.99,EUR
      ,B,,2001,MYSTERY,9.99,EUR
      ,B,A,MMI,MYSTERY,9.99,EUR
      ,B,A,2001.5,MYSTERY,9.99,EUR
      ,B,A,2001,Cooking,9.99,EUR
      ,B,A,2001,MYSTERY,"9,99",EUR
      ,B,A,2001,MYSTERY,9.999,EUR
      ,B,A,2001,MYSTERY,-1,EUR
      ,B,A,2001,MYSTERY,1e3,EUR
      ,B,A,2001,MYSTERY,,EUR
      ,B,A,2001,MYSTERY,9.99,JPY
      ,B,A,2001,MYSTERY,9.99,EURO
      ,B,A,2001,MYSTERY,9.99,ABC
      ,B,A,2001,MYSTERY
      ,B,A,2001,MYSTERY,9.99,EUR,more
      ,B,A,year,shelf,price,money
      ,Good,Too,2001,MYSTERY,"9.99"EUR
    `)

    const id = 'id must be a number from 1 to 999999999'
    const title = 'title must be 1 to 300 printable characters of UTF-8'
    const year = 'year must be a number such as 1965, negative before the common era'
    const category = 'category must be one of MYSTERY, SCIENCE_FICTION'
    const currency = 'currency must be three letters of ISO 4217, such as EUR'
    const price = 'price must be a number such as 12.99 in EUR'
    await expectProblems(importing, [
      ...[3, 4, 5].map((line): Problem => [line, id]),
      ...[6, 7, 8, 9, 10].map((line): Problem => [line, title]),
      [11, 'author must be 1 to 200 printable characters of UTF-8'],
      ...[12, 13].map((line): Problem => [line, year]),
      [14, category],
      ...[15, 16, 17, 18, 19].map((line): Problem => [line, price]),
      [20, 'price must be a number such as 1299 in JPY'],
      ...[21, 22].map((line): Problem => [line, currency]),
      [23, 'Invalid Record Length: columns length is 7, got 5'],
      [24, 'Invalid Record Length: columns length is 7, got 8'],
      [25, year],
      [25, category],
      [25, currency],
      [26, 'Invalid Closing Quote'],
    ])
    expect(await store.books.count(undefined)).toBe(3)
  })

  it('names both lines of the same book, and the book that has a title already', async () => {
    const importing = importText(`
      id,title,author,year,category,price
      7,One,A,2001,MYSTERY,9.99
      7,Other,A,2001,MYSTERY,9.99
      8,One,A,2001,MYSTERY,9.99
      ,New,A,2001,MYSTERY,9.99
      ,New,A,2002,MYSTERY,8.99
      9,The Maltese Falcon,Dashiell Hammett,1930,MYSTERY,9.99
      999999999,Last,A,2001,MYSTERY,9.99
      ,After the Last,A,2001,MYSTERY,9.99
    `)

    await expectProblems(importing, [
      [3, 'is the same book as line 2'],
      [4, 'is the same book as line 2'],
      [5, 'needs an id, and there is none left above the greatest'],
      [6, 'is the same book as line 5'],
      [7, 'book 1 has this title and author already'],
      [9, 'needs an id, and there is none left above the greatest'],
    ])
    expect(await store.books.count(undefined)).toBe(3)
  })

  it('names at most a hundred problems', async () => {
    const rows = Array.from({ length: 130 }, () => 'B,A,2001,MYSTERY,much')
    const importing = importText(['title,author,year,category,price', ...rows].join('\n'))

    await expect(importing).rejects.toThrow(/^(.*books.csv:\d+: price must be .*\n){100}and 30 more$/)
  })

  it.each([
    ['', 'there are no books in it'],
    ['title,author,year,category,price\n', 'there are no books in it'],
    ['title,author,year,price\nA,B,2001,9.99\n', '1: missing columns category'],
    [
      'title,author,year,category,price,currncy\nA,B,2001,MYSTERY,9.99,USD\n',
      '1: unknown columns currncy; there are title, author',
    ],
  ])('refuses a file without books or with wrong columns: %j', async (text, problem) => {
    await expect(importText(text)).rejects.toThrow(problem)
  })

  it('names a missing file', async () => {
    const missing = join(folder, 'none.csv')

    await expect(readBookFile(missing)).rejects.toThrow(`${missing}: there is no such file`)
  })
})

async function importText(text: string) {
  await writeFile(file, text.trim().replaceAll(/^ +/gm, ''))
  return importBooks(store.tables, { file, rows: await readBookFile(file) }, () => {})
}

type Problem = [line: number, problem: string]

/** Expects an error with a line for each problem, by its beginning. */
async function expectProblems(importing: Promise<unknown>, problems: readonly Problem[]): Promise<void> {
  const message = await importing.then(
    () => 'nothing was wrong',
    (error: Error) => error.message,
  )

  const begins = problems.map(([line, problem]) => `${file}:${line}: ${problem}`)
  const lines = message.split('\n')
  expect(lines.map((line, index) => line.slice(0, begins[index]?.length))).toEqual(begins)
}
