import { describe, expect, it } from '@jest/globals'
import { createShelves } from '../books/shelves.ts'
import { demoReaders, shelves, trainOn } from '../store.fixture.ts'
import { fitModel } from './fit-model.ts'
import { createScorer } from './scorer.ts'

describe('fitModel', () => {
  it('takes a model of the same shelves as it is', async () => {
    const bytes = await trainOn(demoReaders())

    expect(fitModel(bytes, shelves).bytes).toBe(bytes)
  })

  it('fits a model to shelves that lost some books and got others', async () => {
    const bytes = await trainOn(demoReaders())
    const [falcon, ...rest] = shelves.books
    const sequel = {
      id: 1_000,
      title: 'Hyperion Again',
      author: 'Dan Simmons',
      year: 2026,
      category: 'SCIENCE_FICTION' as const,
    }
    const changed = createShelves([...rest, sequel])

    const { model, bytes: fitted } = fitModel(bytes, changed)

    const picks = createScorer(model).recommend({ history: itemsOf(changed, [6, 45, 48, 5]), limit: 20 })
    const original = createScorer(fitModel(bytes, shelves).model).recommend({
      history: itemsOf(shelves, [6, 45, 48, 5]),
      limit: 19,
    })
    const ids = picks.map(({ item }) => changed.books[item]?.id)
    expect(ids).toContain(sequel.id)
    expect(ids.filter((id) => id !== sequel.id)).toEqual(
      original.map(({ item }) => shelves.books[item]?.id).filter((id) => id !== falcon?.id),
    )
    expect(fitModel(fitted, changed).bytes).toBe(fitted)
  })
})

function itemsOf(shelf: typeof shelves, ids: readonly number[]): number[] {
  return ids.map((id) => shelf.itemOf(id) ?? -1)
}
