import { createBookIndex } from '../src/books/book-index.ts'
import { createSnapshot } from '../src/model/create-snapshot.ts'
import { createRecommender } from '../src/model/recommender.ts'
import { preferenceOf } from '../src/readers/interaction.ts'
import { createReaders } from '../src/readers/readers.ts'
import { createInteractions } from '../src/training/interactions.ts'
import { runTrainingJob } from '../src/training/run-training-job.ts'
import { type Figures, measure } from './evaluation.ts'
import { createTrialReaders, type TrialSize } from './trial-readers.ts'
import type { Variant } from './trial-variants.ts'

/** The figures of a trial. */
export interface TrialFigures {
  readonly all: Figures
  /** Of the readers who expressed fewer than four preferences. */
  readonly newcomers: Figures
}

/** Has made-up readers act, trains on what the variant tells of it, and measures what is recommended to them. */
export async function runTrial(size: TrialSize, tell: Variant): Promise<TrialFigures> {
  const { books, interactions, enjoyed } = createTrialReaders(size)
  const bookIndex = createBookIndex(books)
  const readers = createReaders()
  for (const interaction of interactions) {
    const told = tell(interaction)
    if (told) readers.add(told)
  }

  const rows = await readers.pack()
  const bytes = await runTrainingJob({ itemIds: bookIndex.itemIds, rows, threads: 2 })
  const current = await createSnapshot({ bookIndex, revision: 0, rows, stored: { name: 'trial', bytes } })
  const recommender = createRecommender({ readers, snapshots: { current } })
  const query = { categories: undefined, limit: 20, liked: [], disliked: [], excluded: [] }
  const rank = (readerId: number) => recommender.recommend({ ...query, readerId }).map(({ book }) => book.id)
  const counts = new Int32Array(size.readers + 1)
  for (const interaction of interactions) if (preferenceOf(interaction)) counts[interaction.readerId]!++
  const testOf = (isTested: (readerId: number) => boolean) =>
    createInteractions(
      Array.from(counts, (_, readerId) => (isTested(readerId) ? [...(enjoyed.get(readerId) ?? [])] : [])),
      size.books + 1,
    )
  return {
    all: measure(
      rank,
      testOf(() => true),
    ),
    newcomers: measure(
      rank,
      testOf((readerId) => counts[readerId]! < 4),
    ),
  }
}
