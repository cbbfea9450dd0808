import { describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { openMemoryDatabase } from '../../testing/index.ts'
import { findNewestNumber, findSettledNumber, takeNumber } from './sequence-writers.ts'

describe('a number of a sequence', () => {
  it('is taken in a transaction only, and is settled once that has ended', async () => {
    await using database = await openMemoryDatabase()
    const tables = await database.open('ours', new URL('./database.fixture/', import.meta.url))
    await sql`create sequence ours.numbers as integer`.execute(tables)
    const found = async () => [
      await findNewestNumber(tables, 'ours.numbers'),
      await findSettledNumber(tables, 'ours.numbers'),
    ]

    const before = await found()
    await expect(takeNumber(tables, 'ours.numbers')).rejects.toThrow('in the transaction that writes its row')
    const taken = await tables
      .transaction()
      .execute(async (transaction) => [
        await takeNumber(transaction, 'ours.numbers'),
        await findSettledNumber(transaction, 'ours.numbers'),
      ])

    expect(before).toEqual([0, 0])
    expect(taken).toEqual([1, 0])
    expect(await found()).toEqual([1, 1])
  })
})
