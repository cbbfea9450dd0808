import { describe, expect, it } from '@jest/globals'
import { createSyntheticReaders } from '../../bench/synthetic-readers.ts'
import { encodeModel } from '../model/model-file.ts'
import { createScorer } from '../model/scorer.ts'
import { createInteractions } from './interactions.ts'
import { trainModel } from './train-model.ts'

const readers = createSyntheticReaders({ readers: 300, items: 600, interactions: 6000, seed: 5 })
const everything = Array.from({ length: 600 }, (_, item) => item)
const interactions = createInteractions(readers, 600)

describe('trainModel', () => {
  it('makes the same model on one thread and on two', async () => {
    const [one, two] = await Promise.all([1, 2].map((threads) => trainModel(interactions, { threads })))

    const itemIds = new Int32Array(one!.itemCount)
    expect(Buffer.compare(encodeModel(one!, itemIds), encodeModel(two!, itemIds))).toBe(0)
  })

  it('reports which hyperparameters it chose, and by which figures', async () => {
    const { hyperparameters, figures } = (await trainModel(interactions)).origin

    expect(figures.map(({ hyperparameters: name }) => name)).toEqual(
      ['sparse', 'middle', 'dense', 'steep', 'settled'].flatMap((name) => [name, `${name}-unscaled`]),
    )
    expect(figures.map(({ hyperparameters: name }) => name)).toContain(hyperparameters)
  })

  it('does not choose by chance when there are few readers', async () => {
    const { hyperparameters, figures } = (await trainModel(createInteractions(readers.slice(0, 20)))).origin

    expect({ hyperparameters, figures }).toEqual({ hyperparameters: 'sparse', figures: [] })
  })

  it.each([
    ['no readers', []],
    ['readers of no books', [[], []]],
    ['a reader of one book', [[0]]],
    ['a reader of all books', [everything]],
    ['all of these among others', [...readers, [], [7], everything]],
  ])('trains with %s', async (_, rows) => {
    const model = await trainModel(createInteractions(rows, 600))

    expect(createScorer(model).recommend({ history: [1, 2, 3, 4], limit: 20 })).toHaveLength(20)
  })

  it('trains without any items', async () => {
    const model = await trainModel(createInteractions([]))

    expect(createScorer(model).recommend({ history: [], limit: 20 })).toEqual([])
  })

  it('reports its progress', async () => {
    const phases = new Set<string>()
    await trainModel(interactions, { onProgress: ({ phase }) => phases.add(phase) })

    expect([...phases].at(0)).toBe('finding neighbours')
    expect([...phases].at(-1)).toBe('packing')
  })

  it('stops when the signal is aborted', async () => {
    const controller = new AbortController()
    const training = trainModel(interactions, {
      threads: 2,
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('enough')),
    })

    await expect(training).rejects.toThrow('enough')
  })

  it('does not start when the signal is aborted already', async () => {
    await expect(trainModel(interactions, { signal: AbortSignal.abort(new Error('no')) })).rejects.toThrow('no')
  })

  it('refuses an invalid number of threads', async () => {
    await expect(trainModel(interactions, { threads: 0 })).rejects.toThrow('threads')
  })
})
