import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Model } from '../model/model.ts'
import { decodeModel } from '../model/model-file.ts'
import { createScorer } from '../model/scorer.ts'
import { emptyRows } from '../readers/reader-rows.ts'
import { bookIndex, demoReaders, trainOn } from '../store.fixture.ts'
import { buildModel, entriesOf, type ModelEntry } from './model-entries.ts'
import { readEntries } from './read-entries.ts'
import { writeEntries } from './write-entries.ts'

let folder: string
let model: Model
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'books-exchange-'))
  model = decodeModel(await trainOn(demoReaders())).model
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe.each(['model.csv', 'model.parquet'])('a model in %s', (name) => {
  it('predicts the same when it comes back', async () => {
    const file = join(folder, name)
    await writeEntries(file, entriesOf(model, bookIndex.itemIds))
    const rows = await demoReaders().pack()

    const { model: returned, leftOut } = await buildModel(readEntries(file), bookIndex.itemIds, rows)

    expect([returned.weights.length, leftOut]).toEqual([entryCountOf(model), 0])
    for (const history of [
      [0, 30, 60, 90],
      [5, 6, 7, 8, 200],
    ]) {
      const asked = { history, limit: 10 }
      expect(itemsOf(returned, asked)).toEqual(itemsOf(model, asked))
    }
  })
})

describe('entries', () => {
  it('of books that the store does not have are left out, and counted', async () => {
    const entries = [
      { source: 1, target: 2, weight: 0.5 },
      { source: 1, target: 9_999, weight: 0.5 },
    ]

    const { model: built, leftOut } = await buildModel(streamOf(entries), bookIndex.itemIds, emptyRows())

    expect([...entriesOf(built, bookIndex.itemIds)]).toEqual([{ source: 1, target: 2, weight: expect.closeTo(0.5) }])
    expect(leftOut).toBe(1)
  })

  it.each([
    ['source,target,weight\n1,2,0.5\n1,2,-1\n', 'wrong.csv:3: weight must be a number above 0'],
    ['source,target,weight\n1,x,0.5\n', 'wrong.csv:2: source and target must be ids of books'],
    ['source,target\n1,2\n', 'wrong.csv:2: the columns must be source, target and weight'],
  ])('that are wrong are named', async (text, problem) => {
    const file = join(folder, 'wrong.csv')
    await writeFile(file, text)

    await expect(Array.fromAsync(readEntries(file))).rejects.toThrow(problem)
  })

  it('of a file that is no Parquet are an error that names the file', async () => {
    const file = join(folder, 'wrong.parquet')
    await writeFile(file, 'source,target,weight\n')

    await expect(Array.fromAsync(readEntries(file))).rejects.toThrow('wrong.parquet: ')
  })
})

function entryCountOf({ solvedCounts }: Model): number {
  return solvedCounts.reduce((sum, count) => sum + count, 0)
}

function itemsOf(of: Model, asked: { history: number[]; limit: number }): number[] {
  return createScorer(of)
    .recommend(asked)
    .map(({ item }) => item)
}

async function* streamOf(entries: readonly ModelEntry[]): AsyncGenerator<ModelEntry> {
  yield* entries
}
