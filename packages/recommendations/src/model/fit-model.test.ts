import { describe, expect, it } from '@jest/globals'
import { createBookIndex } from '../books/book-index.ts'
import { bookIndex, demoReaders, trainOn } from '../store.fixture.ts'
import { fitModel } from './fit-model.ts'
import { createScorer } from './scorer.ts'

describe('fitModel', () => {
  it('keeps the bytes of a model of the same books', async () => {
    const bytes = await trainOn(demoReaders())

    expect(fitModel(bytes, bookIndex).bytes).toBe(bytes)
  })

  it('fits a model to an index that lost some books and got others', async () => {
    const bytes = await trainOn(demoReaders())
    const [falcon, ...rest] = bookIndex.listBooks()
    const sequel = {
      id: 1_000,
      title: 'Hyperion Again',
      author: 'Dan Simmons',
      year: 2026,
      category: 'SCIENCE_FICTION' as const,
    }
    const changed = createBookIndex([...rest, sequel])

    const { model, bytes: fitted } = fitModel(bytes, changed)

    const picks = createScorer(model).recommend({ history: itemsOf(changed, [6, 45, 48, 5]), limit: 20 })
    const original = createScorer(fitModel(bytes, bookIndex).model).recommend({
      history: itemsOf(bookIndex, [6, 45, 48, 5]),
      limit: 19,
    })
    const ids = picks.map(({ item }) => changed.itemIds[item])
    expect(ids).toContain(sequel.id)
    expect(ids.filter((id) => id !== sequel.id)).toEqual(
      original.map(({ item }) => bookIndex.itemIds[item]).filter((id) => id !== falcon?.id),
    )
    expect(fitModel(fitted, changed).bytes).toBe(fitted)
  })
})

function itemsOf(index: typeof bookIndex, ids: readonly number[]): number[] {
  return ids.map((id) => index.itemOf(id) ?? -1)
}
