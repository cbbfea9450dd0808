import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '@books/runtime'
import { runProcess, silentLog } from '@books/runtime/testing'
import { openTables } from '@books/service'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Kysely } from 'kysely'
import { createBookStore } from '../book-store.ts'
import { inventory } from '../index.ts'
import { createReservationStore } from '../stock/reservation-store.ts'
import type { Tables } from '../tables.ts'

const adjustStock = new URL('./adjust-stock.ts', import.meta.url)
const checkStock = new URL('./check-stock.ts', import.meta.url)

let folder: string
let DATA_DIR: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'books-stock-'))
  DATA_DIR = join(folder, 'data')
})
afterAll(() => rm(folder, { recursive: true }))

describe('run adjust-stock', () => {
  it('changes the free copies of a book once by its key, and what pages show of them', async () => {
    const received = await run(adjustStock, '1', '5', '--reason', 'received', '--key', 'note 17')
    const again = await run(adjustStock, '1', '5', '--reason', 'received', '--key', 'note 17')
    const lost = await run(adjustStock, '1', '-40', '--reason', 'corrected', '--key', 'count 3')

    expect([received, again]).toEqual(Array.from({ length: 2 }, () => printed('book 1: 42 free, 0 held, 0 sold\n')))
    expect(lost).toEqual(printed('book 1: 2 free, 0 held, 0 sold\n'))
    const [book] = await inStore((tables) => createBookStore(tables).listByIds([1]))
    expect(book?.copiesShown).toBe(2)
  })

  it.each([
    ['an id that no book has', ['9999', '5', '--reason', 'received', '--key', 'a'], 'No book has this id'],
    [
      'fewer copies than none',
      ['2', '-500', '--reason', 'corrected', '--key', 'b'],
      'Fewer copies are there than would go',
    ],
    [
      'a key that was used',
      ['2', '5', '--reason', 'received', '--key', 'note 17'],
      'Another change was made under this key',
    ],
  ])('refuses %s', async (_what, args, problem) => {
    expect(await run(adjustStock, ...args)).toEqual({ code: 1, stdout: '', stderr: `${problem}\n` })
  })

  it.each([
    ['no delta', ['2'], 'run adjust-stock <book id> <delta>'],
    ['more than a delta', ['2', '3', '4'], 'run adjust-stock <book id> <delta>'],
    ['what is no id', ['Dune', '3', '--reason', 'received', '--key', 'a'], 'Dune is no id of a book'],
    ['no reason', ['2', '3', '--key', 'a'], 'run adjust-stock <book id> <delta>'],
    [
      'an unknown reason',
      ['2', '3', '--reason', 'found', '--key', 'a'],
      '--reason must be one of received, corrected, returned, not "found"',
    ],
    ['no key', ['2', '3', '--reason', 'received'], '--key must be 1 to 100 printable ASCII characters'],
    [
      'a part of a copy',
      ['2', '1.5', '--reason', 'received', '--key', 'a'],
      'the delta 1.5 must be a number of copies',
    ],
    ['to receive fewer', ['2', '-1', '--reason', 'received', '--key', 'a'], 'the delta -1 must be positive where'],
    ['an unknown option', ['2', '3', '--why', 'a'], "Unknown option '--why'"],
  ])('refuses %s, and opens no database', async (_what, args, problem) => {
    const { ended } = runProcess(adjustStock, { DATA_DIR: '/dev/null/never' }, args)

    const { code, stdout, stderr } = await ended
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain(problem)
    expect(stderr).not.toContain('    at ')
  })
})

describe('run check-stock', () => {
  it('prints that all agrees, and else each difference with code 1', async () => {
    await inStore(async (tables) => {
      const reservations = createReservationStore(tables)
      await reservations.hold('one', [{ bookId: 3, copies: 2 }], new Date(Date.now() + 60_000))
      await reservations.hold('two', [{ bookId: 4, copies: 1 }], new Date(Date.now() + 60_000))
      await reservations.commit('two')
    })
    const agreed = await run(checkStock)

    const { free } = await inStore((tables) => {
      const changed = tables.updateTable('stock').set({ held: 1 }).where('book_id', '=', 3)
      return changed.returning('free').executeTakeFirstOrThrow()
    })
    await inStore((tables) => tables.deleteFrom('reservations').where('order_id', '=', 'two').execute())
    const differing = await run(checkStock)

    expect(agreed).toEqual({ code: 0, stdout: 'the stock of every book agrees\n', stderr: 'changes summed: 100 %\n' })
    expect(differing).toMatchObject({ code: 1, stderr: 'changes summed: 100 %\n' })
    expect(differing.stdout.split('\n')).toEqual([
      `book 3: ${free} free + 1 held + 0 sold = ${free + 1}, and ${free + 2} were received`,
      'book 3: 1 are held, and 2 by the ledger',
      'book 3: 1 are held, and 2 by the reservations',
      'book 4: 1 are sold, and 0 by the reservations, less those returned',
      '',
    ])
  })
})

describe.each([
  ['adjust-stock', adjustStock],
  ['check-stock', checkStock],
])('run %s', (name, program) => {
  it('prints its help', async () => {
    expect(await run(program, '--help')).toMatchObject({ code: 0, stdout: expect.stringContaining(`run ${name}`) })
  })
})

function run(program: URL, ...args: string[]) {
  return runProcess(program, { DATA_DIR }, args).ended
}

function printed(stdout: string) {
  return { code: 0, stdout, stderr: '' }
}

async function inStore<Result>(work: (tables: Kysely<Tables>) => Promise<Result>): Promise<Result> {
  await using database = await openDatabase({ DATA_DIR }, silentLog)
  return await work(await openTables(inventory, database))
}
